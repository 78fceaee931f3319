import type { EpochMs, VenueId } from '../core/candle.ts';
import type { Interval } from '../core/interval.ts';
import type { ExchangeClock } from './clock.ts';
import type { Faults } from './faults.ts';
import type { FakeExchangeOptions } from './options.ts';
import type { Stats } from './stats.ts';
import type { Kline, SymbolState } from './symbols.ts';
import type { VenueRules } from './venue-rules.ts';

/** One market: its rules, and its symbols by their own name and by the name that streams use. */
export interface VenueState {
  readonly rules: VenueRules;
  readonly symbols: ReadonlyMap<string, SymbolState>;
  readonly byStreamName: ReadonlyMap<string, SymbolState>;
}

/** Everything the parts of the fake exchange share. */
export interface World {
  readonly options: FakeExchangeOptions;
  readonly clock: ExchangeClock;
  readonly random: () => number;
  readonly venues: ReadonlyMap<VenueId, VenueState>;
  readonly stats: Stats;
  readonly faults: Faults;
}

/** The final candle, or undefined where the exchange has none: a hole, before the listing, after the end. */
export function finalKline(
  world: World,
  symbol: SymbolState,
  interval: Interval,
  openTime: EpochMs,
): Kline | undefined {
  if (!symbol.has(interval, openTime, Infinity)) return undefined;
  if (world.faults.market.isHole({ venue: symbol.rules.id, symbol: symbol.symbol, interval, openTime }))
    return undefined;
  return symbol.kline(interval, openTime, Infinity);
}
