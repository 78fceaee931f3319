import type { EpochMs } from '../../core/candle.ts';
import { SHORTEST_LENGTH_MS, type Interval } from '../../core/interval.ts';
import type { Parsed, RestProtocol, RestRequest } from '../../ports/connector.ts';
import type { KlinesRequest } from '../../ports/market-data.ts';
import { bad, excerptOf, good, isTime, isWireObject } from '../values.ts';
import { GATE_INTERVALS } from './candle.ts';
import { failureOf } from './failure.ts';
import { pairsOf } from './pairs.ts';
import { rowsOf } from './rows.ts';

/** Most open times of one request. Gate documents 1,000; with `from` and `to`, 999 were once refused (ccxt/ccxt#10561). */
const MOST_ROWS = 900;
/** A request that begins before the newest 10,000 is refused. The margin is for candles that close meanwhile. */
const KEPT_ROWS = 9900;
const CANDLESTICKS = '/api/v4/spot/candlesticks';
const PAIRS = '/api/v4/spot/currency_pairs';
const TIME = '/api/v4/spot/time';

/**
 * Gate's REST interface. A span is given by its first and last open time, in seconds, without a number of rows, which is refused
 * beside them. What lies before the newest 10,000 open times is refused too, and so never asked for.
 *
 * @see https://www.gate.com/docs/developers/apiv4/en/#market-k-line-chart and #frequency-limit-rule (200 requests in 10 s for
 *   each path and address), copies of 2026-06-28; https://github.com/enarjord/passivbot/issues/563 for the 10,000
 */
export const gateRest: RestProtocol = {
  time: () => ({ ...get(TIME), parse: timeOf }),
  symbols: () => ({ ...get(PAIRS), parse: pairsOf }),
  candles: (request, now) => ({
    ...get(CANDLESTICKS, queryOf(request, now)),
    parse: (body) => rowsOf(Array.isArray(body) && isGone(request, now) ? [] : body, request),
  }),
  failureOf,
  usageOf: () => ({}),
  paging: {
    maxRows: MOST_ROWS,
    pageRows: MOST_ROWS,
    pagesFrom: 'newest',
    maxSpanMs: Infinity,
    maxSpanRows: MOST_ROWS,
    keptMs: Object.fromEntries(GATE_INTERVALS.map((interval) => [interval, keptMsOf(interval)])),
  },
  limits: [CANDLESTICKS, PAIRS, TIME].map((name) => ({ name, limit: 200, windowMs: 10_000, window: 'sliding' })),
  budget: 'gate',
};

function get(path: string, query: RestRequest<unknown>['query'] = {}) {
  return { method: 'GET', path, query, cost: { [path]: 1 } } as const;
}

function keptMsOf(interval: Interval): number {
  return KEPT_ROWS * SHORTEST_LENGTH_MS[interval];
}

/** Whether the whole span is older than what Gate keeps: any list that it answers then counts as empty. */
function isGone({ interval, before = Infinity }: KlinesRequest, now: EpochMs): boolean {
  return before <= now - keptMsOf(interval);
}

/** A span that begins too early is cut to what Gate keeps; for one that is gone the first row after it is asked for. */
function queryOf(
  { symbol, interval, limit, from, before }: KlinesRequest,
  now: EpochMs,
): RestRequest<unknown>['query'] {
  const spanMs = limit * SHORTEST_LENGTH_MS[interval];
  const end = before ?? (from ?? now) + spanMs;
  const start = Math.ceil(Math.max(from ?? end - spanMs, now - keptMsOf(interval), 0) / 1000);
  return { currency_pair: symbol, interval, from: start, to: Math.max(start, Math.floor((end - 1) / 1000)) };
}

/** `{"server_time":1597026383085}`, in ms. */
function timeOf(body: unknown): Parsed<EpochMs> {
  const time = isWireObject(body) ? body['server_time'] : undefined;
  return isTime(time) && time > 0 ? good(time) : bad(`time: no usable server_time in ${excerptOf(body)}`);
}
