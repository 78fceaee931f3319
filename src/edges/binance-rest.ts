import { map } from 'rxjs';
import type { EpochMs, VenueId } from '../core/candle.ts';
import type { KlinesRequest, MarketData } from '../ports/market-data.ts';
import { rowsOf, serverTimeOf, symbolsOf, type KlineRows, type Parsed } from '../venues/binance-rows.ts';
import type { Venue } from '../venues/venue.ts';
import { BinanceRequests } from './binance-requests.ts';

export interface BinanceRestOptions {
  readonly venue: Pick<Venue, 'id'>;
  /** Scheme and host: `https://fapi.binance.com`. */
  readonly restUrl: string;
  /** Handed to ccxt, which does not send them with public calls. */
  readonly credentials?: { readonly apiKey: string; readonly apiSecret: string } | undefined;
  /** For one request from the first byte sent to the last byte read, ms. Loading ccxt is not counted. */
  readonly timeoutMs: number;
}

/**
 * Binance's REST interface through ccxt's implicit calls, which answer the exchange's own rows.
 * ccxt builds the requests and reads the JSON; sockets, deadline, headers and errors are ours: its own deadline ends
 * with the headers, and it keeps the headers of the last request only (read in ccxt 4.5.84).
 * ccxt is loaded with the first request. Nothing keeps the process alive but requests under way.
 *
 * Emits:     one Reply per subscription, then completes.
 * Errors:    with MarketDataError, always, told apart by status and body; `network` once closed.
 * Time:      one deadline per request, by the machine's timers.
 */
export function binanceRest(options: BinanceRestOptions): MarketData & { close(): void } {
  const { restUrl, credentials, timeoutMs } = options;
  const venue = options.venue.id;
  const origin = restUrl.replace(/\/+$/, '');
  const requests = new BinanceRequests({ venueId: venue, origin, credentials, timeoutMs });
  return {
    ready: () => requests.ready(),
    serverTime$: () => requests.request$({ call: (to) => to.time(), parse: serverTimeOf }),
    symbols$: () => requests.request$({ call: (to) => to.symbols(), parse: symbolsOf }),
    klines$: (request) =>
      requests
        .request$({ call: (to) => to.klines(paramsOf(request)), parse: (body) => answerOf(body, request, venue) })
        .pipe(map(({ value: { candles, rejected }, usedWeight }) => ({ value: candles, rejected, usedWeight }))),
    close: () => requests.close(),
  };
}

/** The filter is on open time, both ends inclusive (measured on USDⓈ-M, 2026-09). */
function paramsOf({ symbol, interval, limit, from, before }: KlinesRequest): Readonly<Record<string, string | number>> {
  return {
    symbol,
    interval,
    limit,
    ...(from !== undefined && { startTime: from }),
    ...(before !== undefined && { endTime: before - 1 }),
  };
}

/**
 * Rows before the span are left out: COIN-M may not anchor at the start. A row after it answers another question,
 * and what else is missing from such an answer nobody knows.
 */
function answerOf(body: unknown, request: KlinesRequest, venue: VenueId): Parsed<KlineRows> {
  const { symbol, interval, from = -Infinity, before = Infinity } = request;
  const parsed = rowsOf(body, { venue, symbol, interval });
  if (!parsed.ok) return parsed;
  const { candles, rejected } = parsed.value;
  const beyond = [...candles, ...rejected].find(({ timestamp }) => timestamp >= before);
  if (beyond !== undefined)
    return { ok: false, reason: `klines: a row of ${String(beyond.timestamp)}, past the end of the span` };
  const isWanted = ({ timestamp }: { readonly timestamp: EpochMs }): boolean => timestamp >= from;
  return { ok: true, value: { candles: candles.filter(isWanted), rejected: rejected.filter(isWanted) } };
}
