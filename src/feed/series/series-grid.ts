import { map, tap, type Observable } from 'rxjs';
import type { EpochMs } from '../../core/candle.ts';
import { UnsupportedIntervalError } from '../../core/errors.ts';
import { SHORTEST_LENGTH_MS, nextOpenTime, openTimeAt, type Interval } from '../../core/interval.ts';
import type { Venue } from '../../ports/connector.ts';
import { gridPoint$ } from './grid-point.ts';
import type { NewestCandles } from './newest-candles.ts';

const HOUR_MS = 3_600_000;

/**
 * Where candles of one series may open. That of `3d` differs by symbol, and must be learnt before it is asked; where a
 * venue may begin its days or weeks at times of its own, so must every long one.
 */
export class SeriesGrid {
  readonly #interval: Interval;
  readonly #venue: GridVenue | undefined;
  #gridPoint: EpochMs | undefined;

  constructor(interval: Interval, venue?: GridVenue) {
    this.#interval = interval;
    this.#venue = venue;
  }

  /** Any open time of the series, where its grid has to be learnt. */
  get point(): EpochMs | undefined {
    return this.#gridPoint;
  }

  get isKnown(): boolean {
    return this.#gridPoint !== undefined || (this.#interval !== '3d' && !this.#isUnproven);
  }

  /**
   * Asks the exchange.
   *
   * Emits:     once the grid is known.
   * Errors:    with UnsupportedIntervalError where the venue's candles open at other times than ours.
   */
  learn$(newest: NewestCandles): Observable<void> {
    return gridPoint$(newest).pipe(
      tap((gridPoint) => {
        this.#check(gridPoint);
        this.#gridPoint = gridPoint;
      }),
      map(() => undefined),
    );
  }

  /** Open time of the candle that contains `time`. */
  at(time: EpochMs): EpochMs {
    return openTimeAt(time, this.#interval, this.#gridPoint);
  }

  /** First open time after `time`. */
  after(time: EpochMs): EpochMs {
    return nextOpenTime(this.at(time), this.#interval);
  }

  /** Grids that begin on some whole hour agree on everything shorter. */
  get #isUnproven(): boolean {
    return this.#venue?.grids === 'unproven' && SHORTEST_LENGTH_MS[this.#interval] >= HOUR_MS;
  }

  #check(openTime: EpochMs): void {
    if (this.#venue === undefined || openTimeAt(openTime, this.#interval, openTime) === openTime) return;
    const others = this.#venue.intervals.filter((interval) => interval !== this.#interval);
    const hint = `${this.#venue.id} has one that opens at ${new Date(openTime).toISOString()}, not where it would in UTC; make it of shorter candles with resample('${this.#interval}')`;
    throw new UnsupportedIntervalError(this.#interval, others, hint);
  }
}

type GridVenue = Pick<Venue, 'id' | 'intervals' | 'grids'>;
