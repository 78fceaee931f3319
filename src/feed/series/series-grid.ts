import { map, tap, type Observable } from 'rxjs';
import type { EpochMs } from '../../core/candle.ts';
import { nextOpenTime, openTimeAt, type Interval } from '../../core/interval.ts';
import { gridPoint$ } from './grid-point.ts';
import type { NewestCandles } from './newest-candles.ts';

/** Where candles of one series may open. That of `3d` differs by symbol, and must be learnt before it is asked. */
export class SeriesGrid {
  readonly #interval: Interval;
  #gridPoint: EpochMs | undefined;

  constructor(interval: Interval) {
    this.#interval = interval;
  }

  /** Any open time of the series, where its grid has to be learnt. */
  get point(): EpochMs | undefined {
    return this.#gridPoint;
  }

  get isKnown(): boolean {
    return this.#interval !== '3d' || this.#gridPoint !== undefined;
  }

  /** Asks the exchange; emits once the grid is known. */
  learn$(newest: NewestCandles): Observable<void> {
    return gridPoint$(newest).pipe(
      tap((gridPoint) => {
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
}
