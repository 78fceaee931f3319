import type { EpochMs, VenueId } from '../../core/candle.ts';
import { nextOpenTime, type Interval } from '../../core/interval.ts';
import type { Kline } from '../market/kline.ts';
import type { CloseInfo } from '../options.ts';

/** Candles that the exchange itself lacks: open times in [from, before) of one series. */
export interface Hole {
  readonly venue: VenueId;
  readonly symbol: string;
  readonly interval: Interval;
  readonly from: EpochMs;
  readonly before: EpochMs;
}

/** How one candle stands at the exchange: as around the outages of 2018, or spoiled. */
export interface OddCandle extends Omit<Hole, 'from' | 'before'> {
  /** The open time on the grid whose candle is meant. */
  readonly openTime: EpochMs;
  /** Where it opens instead, within its own length. Default `openTime`. */
  readonly opensAt?: EpochMs;
  /** Its last ms. Default as on the grid: earlier is cut short, later reaches into the next candle. */
  readonly closeTime?: EpochMs;
  /** What it says besides: `{ volume: '-1' }`, of which no candle can be made. */
  readonly values?: Partial<Omit<Kline, 'openTime' | 'closeTime'>>;
}

/** A time without candles of any interval, as the exchange had of up to 5½ months. */
export interface MarketPause {
  readonly venue: VenueId;
  readonly symbol: string;
  readonly from: EpochMs;
  readonly before: EpochMs;
}

/** From now on the exchange lists a symbol with another status. */
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
  private odd: OddCandle[] = [];
  private pauses: MarketPause[] = [];
  private readonly onStatus: (change: StatusChange) => void;

  constructor(onStatus: (change: StatusChange) => void) {
    this.onStatus = onStatus;
  }

  /** The exchange lacks these candles for good: neither stream nor REST nor `candles()` has them. */
  hole(hole: Hole): void {
    this.holes.push(hole);
  }

  /** The exchange lacks every candle that lies within this time for good; a longer one that reaches out of it is there. */
  pause(pause: MarketPause): void {
    this.pauses.push(pause);
  }

  /** A candle has other times, or other values, for good: on the stream, over REST and in `candles()`. */
  oddCandle(candle: OddCandle): void {
    this.odd.push(candle);
  }

  /** What is odd about a candle; the last word counts. @internal */
  oddityOf({ venue, symbol, interval, openTime }: CloseInfo): OddCandle | undefined {
    return this.odd.findLast(
      (odd) => odd.openTime === openTime && odd.symbol === symbol && odd.interval === interval && odd.venue === venue,
    );
  }

  isHole(close: CloseInfo): boolean {
    return this.pauseAt(close) !== undefined || this.isLacking(close);
  }

  /** The pause that a candle lies within. @internal */
  pauseAt({ venue, symbol, interval, openTime }: CloseInfo): MarketPause | undefined {
    return this.pauses.find(
      (pause) =>
        pause.symbol === symbol &&
        pause.venue === venue &&
        openTime >= pause.from &&
        nextOpenTime(openTime, interval) <= pause.before,
    );
  }

  private isLacking({ venue, symbol, interval, openTime }: CloseInfo): boolean {
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
