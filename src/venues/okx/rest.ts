import type { EpochMs } from '../../core/candle.ts';
import { SHORTEST_LENGTH_MS } from '../../core/interval.ts';
import type { Parsed, RestProtocol, RestRequest } from '../../ports/connector.ts';
import type { KlinesRequest } from '../../ports/market-data.ts';
import { bad, excerptOf, good, isTime, isWireObject, numberOf } from '../values.ts';
import { barOf } from './bars.ts';
import { dataOf, failureOf } from './answer.ts';
import { instrumentsOf, instTypeAfter, type InstType } from './instruments.ts';
import { rowsOf } from './rows.ts';

/** `candles` has the newest 1,440 of a series; some are left as a margin, for candles that close meanwhile. */
const NEWEST_ROWS = 1400;
/** Candles of a second are kept for three months, the shortest of which has 89 days; one is our margin. */
const KEPT_MS = 88 * 86_400_000;
const CANDLES = '/api/v5/market/candles';
const HISTORY = '/api/v5/market/history-candles';
const TIME = '/api/v5/public/time';
const INSTRUMENTS = '/api/v5/public/instruments';

/**
 * OKX's REST interface: rows newest first, both ends exclusive, two paths for newer and older candles, each path counted by
 * itself over two seconds, and errors within an HTTP 200.
 *
 * @see https://www.okx.com/docs-v5/en/#order-book-trading-market-data-get-candlesticks (40 requests in 2 s) and
 *   …-get-candlesticks-history (20), #public-data-rest-api-get-instruments (20) and …-get-system-time (10), copies of
 *   2026-07-20
 */
export const okxRest: RestProtocol = {
  time: () => ({ ...get(TIME), parse: timeOf }),
  symbols: (cursor = 'SPOT') => ({
    ...get(INSTRUMENTS, { instType: cursor }),
    parse: (body) => instrumentsOf(dataOf(body), instTypeAfter(cursor as InstType)),
  }),
  candles: (request, now) => ({
    ...get(pathFor(request, now), queryOf(request)),
    parse: (body) => rowsOf(dataOf(body), request),
  }),
  failureOf,
  usageOf: () => ({}),
  paging: { maxRows: 300, pageRows: 300, pagesFrom: 'newest', maxSpanMs: Infinity, keptMs: { '1s': KEPT_MS } },
  limits: [
    { name: CANDLES, limit: 40, windowMs: 2000, window: 'sliding' },
    { name: HISTORY, limit: 20, windowMs: 2000, window: 'sliding' },
    { name: INSTRUMENTS, limit: 20, windowMs: 2000, window: 'sliding' },
    { name: TIME, limit: 10, windowMs: 2000, window: 'sliding' },
  ],
  budget: 'okx',
};

function get(path: string, query: RestRequest<unknown>['query'] = {}) {
  return { method: 'GET', path, query, cost: { [path]: 1 } } as const;
}

/** No document names `1s` among the bars of `candles`. */
function pathFor({ interval, from, before, limit }: KlinesRequest, now: EpochMs): string {
  const length = SHORTEST_LENGTH_MS[interval];
  const oldest = from ?? (before ?? now) - limit * length;
  return interval !== '1s' && oldest > now - NEWEST_ROWS * length ? CANDLES : HISTORY;
}

/** `after` is older than, `before` is newer than. */
function queryOf({ symbol, interval, limit, from, before }: KlinesRequest): RestRequest<unknown>['query'] {
  return {
    instId: symbol,
    bar: barOf(interval),
    limit,
    ...(before !== undefined && { after: before }),
    ...(from !== undefined && { before: Math.max(0, from - 1) }),
  };
}

/** `{"code":"0","msg":"","data":[{"ts":"1597026383085"}]}` */
function timeOf(body: unknown): Parsed<EpochMs> {
  const data = dataOf(body);
  const [first] = Array.isArray(data) ? (data as readonly unknown[]) : [];
  const time = isWireObject(first) ? numberOf(first['ts']) : NaN;
  return isTime(time) && time > 0 ? good(time) : bad(`time: no usable ts in ${excerptOf(body)}`);
}
