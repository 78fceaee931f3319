import { NEVER, filter } from 'rxjs';
import type { Candle, EpochMs } from '../../core/candle.ts';
import { GeoBlockedError } from '../../core/errors.ts';
import type { SeriesOutput, SeriesRules } from '../../core/series-state.ts';
import type { SeriesSignal } from '../../ports/candle-stream.ts';
import type { CandleReader } from '../rest/candle-reader.ts';
import type { PastOptions } from './past-options.ts';
import type { SeriesCommands } from './series-commands.ts';
import type { SeriesContext } from './series-context.ts';
import type { SeriesGrid } from './series-grid.ts';
import type { SeriesName } from './series-name.ts';

/** The series whose past is read. */
export interface ReadSeries extends SeriesName {
  readonly grid: SeriesGrid;
  readonly rules: SeriesRules;
  readonly reader: CandleReader;
  /** Whether candles come live too. */
  readonly isLive: boolean;
  /** Open time at which the series ended; Infinity while it goes on. */
  readonly endsAt: EpochMs;
  /** Its subscribers have been told that this is the end. */
  readonly subscribers: { readonly isOver: boolean };
  report(output: SeriesOutput): void;
}

/** Readers of the past need the candles alone, not `live` and `lost`. */
const isCandle = (signal: SeriesSignal): signal is Candle => typeof signal !== 'string';

/** The past of one series, as the exchange's REST interface shows it. */
export class SeriesPast {
  readonly grid: SeriesGrid;
  readonly #series: ReadSeries;
  readonly #commands: SeriesCommands;
  readonly #context: SeriesContext;

  constructor(series: ReadSeries, commands: SeriesCommands, context: SeriesContext) {
    this.grid = series.grid;
    this.#series = series;
    this.#commands = commands;
    this.#context = context;
  }

  /** What `past$` needs. */
  get options(): PastOptions {
    const { symbol, interval, rules, reader, isLive } = this.#series;
    const { scheduler, waits, stream, restUrl } = this.#context;
    return {
      shared: this.#context,
      reader,
      commands: this.#commands,
      symbol,
      interval,
      rules: { ...rules, warmUp: true },
      scheduler,
      waits,
      endsAt: () => this.#series.endsAt,
      signals$: isLive ? stream.closes$(this.#series).pipe(filter(isCandle)) : NEVER,
      report: (output) => this.#series.report(output),
      geoBlocked: () => new GeoBlockedError(restUrl),
    };
  }

  /**
   * Where closed candles end for one who subscribed at a local time and whose live candles begin at `before`. One that may
   * have closed by then counts: it may have been delivered already to somebody who says so, as our idea of the exchange's
   * clock is a little off.
   */
  closedBefore(before: EpochMs, subscribedAt: number): EpochMs {
    if (this.#series.subscribers.isOver) return before;
    return Math.max(before, this.grid.at(this.#context.clock.atMost(subscribedAt)));
  }
}
