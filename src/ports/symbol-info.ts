import type { EpochMs } from '../core/candle.ts';

/** What a status means for a series (CONTRACT, table of statuses). */
export type SymbolPhase = 'trading' | 'paused' | 'ended';

/** One line of the venue's symbol list. */
export interface SymbolInfo {
  readonly symbol: string;
  /** The venue's own word: `TRADING`, `SETTLING`, `BREAK`. */
  readonly status: string;
  readonly phase: SymbolPhase;
  /** When the contract ends or ended, ms UTC; null where the venue does not say or it never does. */
  readonly deliveryTime: EpochMs | null;
}
