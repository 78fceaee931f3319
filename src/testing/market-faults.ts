import type { EpochMs, VenueId } from '../core/candle.ts';
import type { Interval } from '../core/interval.ts';
import type { CloseInfo } from './options.ts';

/** Candles that the exchange itself lacks: open times in [from, before) of one series. */
export interface Hole {
  readonly venue: VenueId;
  readonly symbol: string;
  readonly interval: Interval;
  readonly from: EpochMs;
  readonly before: EpochMs;
}

export interface StatusChange {
  readonly venue: VenueId;
  readonly symbol: string;
  /** The exchange's own word: `SETTLING`, `BREAK`, `TRADING`. */
  readonly status: string;
  /** Whether REST goes on with flat candles after the end. */
  readonly flatAfterEnd?: boolean | undefined;
}

/** What the exchange itself has or has not, on the stream and over REST alike: `exchange.faults.market`. */
export class MarketFaults {
  private holes: Hole[] = [];
  private readonly onStatus: (change: StatusChange) => void;

  constructor(onStatus: (change: StatusChange) => void) {
    this.onStatus = onStatus;
  }

  /** The exchange lacks these candles for good: neither stream nor REST nor `candles()` has them. */
  hole(hole: Hole): void {
    this.holes.push(hole);
  }

  isHole({ venue, symbol, interval, openTime }: CloseInfo): boolean {
    return this.holes.some(
      (hole) =>
        hole.symbol === symbol &&
        hole.interval === interval &&
        hole.venue === venue &&
        openTime >= hole.from &&
        openTime < hole.before,
    );
  }

  /** Changes a symbol's status now. Trading stops with it, or is taken up again. */
  setStatus(change: StatusChange): void {
    this.onStatus(change);
  }
}
