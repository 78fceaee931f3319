import type { EpochMs, VenueId } from '../../core/candle.ts';
import type { Interval } from '../../core/interval.ts';
import type { ExchangeClock } from '../market/clock.ts';
import type { Faults } from '../faults/faults.ts';
import type { FakeExchangeOptions } from '../options.ts';
import type { Stats } from './stats.ts';
import type { Kline } from '../market/kline.ts';
import type { SymbolState } from '../market/symbols.ts';
import type { Dialect, VenueView } from '../dialects/dialect.ts';

/** One market: how it speaks, and its symbols by their own name. */
export interface VenueState {
  readonly dialect: Dialect;
  readonly symbols: ReadonlyMap<string, SymbolState>;
}

/** Everything the parts of the fake exchange share. */
export interface ExchangeState {
  readonly options: FakeExchangeOptions;
  readonly clock: ExchangeClock;
  readonly random: () => number;
  readonly venues: ReadonlyMap<VenueId, VenueState>;
  readonly stats: Stats;
  readonly faults: Faults;
}

/** What a dialect may know. */
export function viewOf({ clock, options }: ExchangeState, { symbols }: VenueState): VenueView {
  return { symbols, options, now: clock.now() };
}

/** One candle of one symbol. */
export interface CandleName {
  readonly symbol: SymbolState;
  readonly interval: Interval;
  readonly openTime: EpochMs;
}

/** Whether the exchange has the candle by `asOf`: not in a hole, not before the listing, not after the end. */
export function isThere(exchange: ExchangeState, { symbol, interval, openTime }: CandleName, asOf: EpochMs): boolean {
  if (!symbol.has(interval, openTime, asOf)) return false;
  return !exchange.faults.market.isHole({ venue: symbol.rules.id, symbol: symbol.symbol, interval, openTime });
}

/** The final candle, or undefined where the exchange has none. */
export function finalKline(exchange: ExchangeState, candle: CandleName): Kline | undefined {
  return isThere(exchange, candle, Infinity) ? klineAt(exchange, candle, Infinity) : undefined;
}

/** A candle as it stands at `asOf`, with what is odd about it. */
export function klineAt(exchange: ExchangeState, { symbol, interval, openTime }: CandleName, asOf: EpochMs): Kline {
  const kline = symbol.kline(interval, openTime, asOf);
  const odd = exchange.faults.market.oddityOf({ venue: symbol.rules.id, symbol: symbol.symbol, interval, openTime });
  if (odd === undefined) return kline;
  const { opensAt = kline.openTime, closeTime = kline.closeTime, values } = odd;
  return { ...kline, ...values, openTime: opensAt, closeTime };
}

/** Where a candle of the grid really opens. */
export function opensAt(exchange: ExchangeState, { symbol, interval, openTime }: CandleName): EpochMs {
  const series = { venue: symbol.rules.id, symbol: symbol.symbol, interval, openTime };
  return exchange.faults.market.oddityOf(series)?.opensAt ?? openTime;
}
