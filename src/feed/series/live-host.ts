import type { EpochMs } from '../../core/candle.ts';
import type { GeoBlockedError } from '../../core/errors.ts';
import type { SeriesOutput } from '../../core/series-state.ts';
import type { MachineHost } from './exactly-once.ts';
import type { SeriesEnd } from './series-end.ts';
import type { SeriesRunner } from './series-runner.ts';

/** What the live machine needs of its series. */
export interface LiveSeries {
  report(output: SeriesOutput): void;
  geoBlocked(): GeoBlockedError;
  /** The live machine has begun. */
  begun(machine: SeriesRunner): void;
  /** All that has happened so far has been handled. */
  settled(): void;
}

/** The live machine works for its series. */
export class LiveHost implements MachineHost {
  readonly #series: LiveSeries;

  constructor(series: LiveSeries) {
    this.#series = series;
  }

  endOf({ until }: SeriesEnd): EpochMs {
    return until;
  }

  report(output: SeriesOutput): void {
    this.#series.report(output);
  }

  geoBlocked(): GeoBlockedError {
    return this.#series.geoBlocked();
  }

  onStart(machine: SeriesRunner): void {
    this.#series.begun(machine);
  }

  onSettled(): void {
    this.#series.settled();
  }
}
