import type { EpochMs, VenueId } from '../../core/candle.ts';
import type { PageRules, Parsed, RestProtocol, RestRequest, Rows, SymbolPage } from '../../ports/connector.ts';
import type { KlinesRequest } from '../../ports/market-data.ts';
import { unconfirmedWithin } from '../kline-rows.ts';
import { failureOf, usageOf } from './failure.ts';
import { rowsOf, serverTimeOf, symbolsOf } from './rows.ts';
import { weightLimitsOf, weightPerMinute } from './weight-limit.ts';

/** What tells the REST interface of one Binance market from the others'. */
export interface BinanceRest {
  /** `/fapi/v1`. */
  readonly path: string;
  /** The limit that is documented of the main host: request weight per minute of its clock and address. */
  readonly weightPerMinute: number;
  /** Markets with one name here share one budget per address. */
  readonly budget: string;
  /** Weight of a klines request for `limit` rows. */
  readonly klinesWeight: (limit: number) => number;
  readonly timeWeight: number;
  readonly symbolsWeight: number;
  readonly symbolsQuery?: RestRequest<unknown>['query'];
  readonly paging: PageRules;
}

/**
 * The REST dialect of all Binance markets.
 *
 * @see https://developers.binance.com/docs/binance-spot-api-docs/rest-api/market-data-endpoints, read on 2026-11-22
 */
export function binanceRest(venue: VenueId, market: BinanceRest): RestProtocol {
  const { path } = market;
  const get = { method: 'GET' } as const;
  return {
    time: (): RestRequest<EpochMs> => ({
      ...get,
      path: `${path}/time`,
      query: {},
      cost: { weight: market.timeWeight },
      parse: serverTimeOf,
    }),
    symbols: () => ({
      ...get,
      path: `${path}/exchangeInfo`,
      query: market.symbolsQuery ?? {},
      cost: { weight: market.symbolsWeight },
      parse: symbolPageOf,
    }),
    candles: (request) => ({
      ...get,
      path: `${path}/klines`,
      query: queryOf(request),
      cost: { weight: market.klinesWeight(request.limit) },
      parse: (body) => answerOf(body, request, venue),
    }),
    failureOf,
    usageOf,
    paging: market.paging,
    limits: [weightPerMinute(market.weightPerMinute)],
    budget: market.budget,
  };
}

/** The filter is on open time, both ends inclusive (measured on USDⓈ-M, 2026-09). */
function queryOf({ symbol, interval, limit, from, before }: KlinesRequest): RestRequest<unknown>['query'] {
  return {
    symbol,
    interval,
    limit,
    ...(from !== undefined && { startTime: from }),
    ...(before !== undefined && { endTime: before - 1 }),
  };
}

/** No row says whether it is final; COIN-M may not anchor at the start. */
function answerOf(body: unknown, request: KlinesRequest, venue: VenueId): Parsed<Rows> {
  const { symbol, interval } = request;
  return unconfirmedWithin(rowsOf(body, { venue, symbol, interval }), request);
}

function symbolPageOf(body: unknown): Parsed<SymbolPage> {
  const parsed = symbolsOf(body);
  return parsed.ok ? { ok: true, value: { symbols: parsed.value, limits: weightLimitsOf(body) } } : parsed;
}
