import type { VenueId } from '../../core/candle.ts';
import type { Interval } from '../../core/interval.ts';

/** Words for the status of a symbol. Any other word is a pause. */
export interface StatusWords {
  /** What a symbol is called that nobody has said anything about. */
  readonly initial: string;
  /** In these there is trading. */
  readonly trading: readonly string[];
  /** After these the stream sends nothing more. */
  readonly ended: readonly string[];
}

/** How one market trades and when it tells of it, in whatever words. */
export interface MarketRules {
  readonly id: VenueId;
  readonly intervals: readonly Interval[];
  /** Closing frames come this long after the boundary, ms. */
  readonly closeDelayMs: { readonly min: number; readonly max: number };
  updateEveryMs(interval: Interval): number;
  /** Decimals that prices and volumes are padded to; null pads nothing. */
  readonly padTo: number | null;
  /** What a contract is worth in quote currency, where volumes count contracts and quote volumes are in the base asset; null elsewhere. */
  readonly contractValue: number | null;
  readonly statuses: StatusWords;
}
