import type { Observable, SchedulerLike } from 'rxjs';
import type { EpochMs } from '../../core/candle.ts';
import type { FeedError } from '../../core/errors.ts';
import type { Interval } from '../../core/interval.ts';
import type { SeriesOutput, SeriesRules } from '../../core/series-state.ts';
import type { SeriesSignal } from '../../ports/candle-stream.ts';
import type { Waits } from '../waits.ts';
import type { SeriesCommands } from './series-commands.ts';
import type { RunnerOptions } from './series-runner.ts';

/** What reading the past of a series needs. */
export interface PastOptions extends RunnerOptions {
  readonly symbol: string;
  readonly interval: Interval;
  readonly rules: SeriesRules;
  readonly scheduler: SchedulerLike;
  readonly waits: Waits;
  /** Open time at which the series ended; Infinity while it goes on. */
  readonly endsAt: () => EpochMs;
  /** Closes of the stream, which may come before REST shows them. */
  readonly signals$: Observable<SeriesSignal>;
  readonly commands: SeriesCommands;
  /** What the bus should hear of: holes the exchange has, waiting. */
  readonly report: (output: SeriesOutput) => void;
  readonly geoBlocked: () => FeedError;
}
