import type { VenueId } from '../../core/candle.ts';
import type { Parsed, RestProtocol, RestRequest, Rows } from '../../ports/connector.ts';
import type { KlinesRequest } from '../../ports/market-data.ts';
import { unconfirmedWithin } from '../kline-rows.ts';
import { failureOf } from './failure.ts';
import { partOf, symbolPageOf } from './instruments.ts';
import { codeOf } from './interval-code.ts';
import { rowsOf, serverTimeOf } from './rows.ts';

/** Most rows and most symbols of one answer. */
const MOST_LINES = 1000;

/**
 * The REST dialect of all Bybit markets: the category is a parameter, and an address may send 600 requests in five seconds
 * to all of them. Of a span with more rows than asked for the newest come, as programs that page through it report; the
 * documentation says only that rows are sorted so.
 *
 * @see https://bybit-exchange.github.io/docs/v5/market/kline, /v5/market/instrument, /v5/market/time and /v5/rate-limit,
 *   read on 2026-07-24
 */
export function bybitRest(venue: VenueId, category: string): RestProtocol {
  return {
    time: () => ({ ...get('time', {}), parse: serverTimeOf }),
    // Spot has no pages, and no list but that of what trades.
    symbols: (cursor) => (category === 'spot' ? spotSymbols() : symbolsOf(category, cursor)),
    candles: (request) => ({
      ...get('kline', queryOf(request, category)),
      parse: (body) => answerOf(body, request, venue),
    }),
    failureOf,
    usageOf: () => ({}),
    paging: { maxRows: MOST_LINES, pageRows: MOST_LINES, pagesFrom: 'newest', maxSpanMs: Infinity },
    limits: [{ name: 'requests', limit: 600, windowMs: 5000, window: 'sliding' }],
    budget: 'bybit',
  };
}

function get(name: string, query: RestRequest<unknown>['query']) {
  return { method: 'GET', path: `/v5/market/${name}`, query, cost: { requests: 1 } } as const;
}

function spotSymbols(): ReturnType<RestProtocol['symbols']> {
  return { ...get('instruments-info', { category: 'spot' }), parse: (body) => symbolPageOf(body, undefined) };
}

function symbolsOf(category: string, cursor: string | undefined): ReturnType<RestProtocol['symbols']> {
  const part = partOf(cursor);
  const { status, page } = part;
  const query = { category, status, limit: MOST_LINES, ...(page !== undefined && { cursor: page }) };
  return { ...get('instruments-info', query), parse: (body) => symbolPageOf(body, part) };
}

/** Both ends are open times and inclusive, as in the documentation's own example. */
function queryOf(
  { symbol, interval, limit, from, before }: KlinesRequest,
  category: string,
): RestRequest<unknown>['query'] {
  return {
    category,
    symbol,
    interval: codeOf(interval),
    ...(from !== undefined && { start: from }),
    ...(before !== undefined && { end: before - 1 }),
    limit,
  };
}

function answerOf(body: unknown, request: KlinesRequest, venue: VenueId): Parsed<Rows> {
  const { symbol, interval } = request;
  return unconfirmedWithin(rowsOf(body, { venue, symbol, interval }), request);
}
