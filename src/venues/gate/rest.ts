import type { EpochMs } from '../../core/candle.ts';
import { SHORTEST_LENGTH_MS, type Interval } from '../../core/interval.ts';
import type { Parsed, RestProtocol, RestRequest } from '../../ports/connector.ts';
import type { KlinesRequest } from '../../ports/market-data.ts';
import { bad, excerptOf, good, isTime, isWireObject } from '../values.ts';
import { GATE_INTERVALS } from './candle.ts';
import { failureOf } from './failure.ts';
import { pairsOf } from './pairs.ts';
import { rowsOf } from './rows.ts';

/** Most open times of one request. Gate takes 1,000; 999 of them were once too many with a beginning and an end (ccxt/ccxt#10561). */
const MOST_ROWS = 900;
/** A request that begins before the newest 10,000 is refused; some are left as a margin, for candles that close meanwhile. */
const KEPT_ROWS = 9900;
const CANDLESTICKS = '/api/v4/spot/candlesticks';
const PAIRS = '/api/v4/spot/currency_pairs';
const TIME = '/api/v4/spot/time';

/**
 * Gate's REST interface: a span by its two ends, in seconds, both open times and inclusive; never a number of rows beside them,
 * which is refused. What was before the newest 10,000 open times is refused too, so that it is never asked for.
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

/** Whether nothing of the span is kept any more: then any answer is one of no rows. */
function isGone({ interval, before = Infinity }: KlinesRequest, now: EpochMs): boolean {
  return before <= now - keptMsOf(interval);
}

/** Of a span that begins too early what is kept of it; of one that is gone the first row after it. */
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
