import type { EpochMs } from '../core/candle.ts';

/**
 * What a status means for a series (CONTRACT, table of statuses). `paused or ended`: the venue does not distinguish them;
 * only its last candle tells them apart, by `longestPauseMs`.
 */
export type SymbolPhase = 'trading' | 'paused' | 'paused or ended' | 'ended';

/**
 * One line of the venue's symbol list: its name, status and assets, when it was listed and when it is delivered, and the
 * steps of its prices and quantities. What the venue does not tell is null.
 */
export interface SymbolInfo {
  /** The venue's own spelling, as `closedCandles$` takes it. */
  readonly symbol: string;
  /** The venue's own word: `TRADING`, `SETTLING`, `BREAK`. */
  readonly status: string;
  /** What that word means for candles: they come, they may come again, or there will be no more. */
  readonly phase: SymbolPhase;
  /** What is traded: `BTC`. */
  readonly base: string | null;
  /** What prices are in: `USDT`. */
  readonly quote: string | null;
  /** When the venue says it was listed, ms UTC; its first candle may open later. Spot does not say. */
  readonly listingTime: EpochMs | null;
  /** When the contract ends or ended, ms UTC; null where the venue does not say or it never does. */
  readonly deliveryTime: EpochMs | null;
  /** Prices are multiples of this, in quote currency; null where there is no such rule. */
  readonly priceStep: number | null;
  /** Quantities are multiples of this, in the unit of orders: base asset, contracts on COIN-M. */
  readonly quantityStep: number | null;
}
