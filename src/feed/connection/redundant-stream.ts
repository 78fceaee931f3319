import {
  Observable,
  defer,
  filter,
  ignoreElements,
  merge,
  retry,
  switchMap,
  tap,
  throwError,
  timer,
  type SchedulerLike,
} from 'rxjs';
import { isFeedError } from '../../core/errors.ts';
import type { SeriesSignal, StreamSnapshot } from '../../ports/candle-stream.ts';
import type { CandleMessage, SeriesKey, Topic } from '../../ports/stream-protocol.ts';
import { CloseArbiter, UpdateArbiter, type Line } from './arbitration.ts';
import type { ObservableCandleStream } from './connection-context.ts';
import { joinedSnapshot } from './joined-snapshot.ts';

/** Delay of the second line, ms, so that at the start all first connections open before all second ones. */
const SECOND_LINE_DELAY_MS = 1000;
const LINES: readonly Line[] = [0, 1];

export interface RedundantStreamOptions {
  readonly scheduler: SchedulerLike;
  /** Pause after which a line that has given up is begun anew, ms. */
  readonly pauseMs: number;
  /** A series is carried by more lines than before, or by fewer. */
  readonly onChanged: () => void;
}

/**
 * Each series on two streams, called lines, as one stream: the first close wins.
 *
 * ```text
 * line 1   -L--a--x-----L-----c--     L: live, x: lost
 * line 2   --L--a----b---------c-
 * result   -L--a-----b--------c--
 * ```
 *
 * What one line loses the other still brings, so the loss of one is not told. The series fails when both lines have
 * given up, with the error of the later one; until then the one that has is begun anew after a pause.
 */
export function redundantStream(
  lines: readonly [ObservableCandleStream, ObservableCandleStream],
  options: RedundantStreamOptions,
): ObservableCandleStream {
  return new RedundantStream(lines, options);
}

class RedundantStream implements ObservableCandleStream {
  readonly #lines: readonly [ObservableCandleStream, ObservableCandleStream];
  readonly #options: RedundantStreamOptions;

  constructor(lines: readonly [ObservableCandleStream, ObservableCandleStream], options: RedundantStreamOptions) {
    this.#lines = lines;
    this.#options = options;
  }

  closes$(series: SeriesKey): Observable<SeriesSignal> {
    return new Observable((subscriber) => {
      const arbiter = new CloseArbiter({
        emit: (signal) => {
          subscriber.next(signal);
        },
        onSilent: (line) => {
          this.#lines[line].refresh(series);
        },
      });
      const lines = LINES.map((line) => this.#arbitrated$(series, line, arbiter));
      return merge(...lines).subscribe(subscriber);
    });
  }

  running$(series: SeriesKey): Observable<CandleMessage> {
    return defer(() => {
      const arbiter = new UpdateArbiter();
      const lines = LINES.map((line) => this.#lasting$(line, updates$(this.#lines[line], series), () => false));
      return merge(...lines).pipe(filter((update) => arbiter.take(update)));
    });
  }

  /** Neither line delivers the series, so that there is nothing to lose on either. */
  refresh(series: SeriesKey): void {
    for (const line of this.#lines) line.refresh(series);
  }

  close(): void {
    for (const line of this.#lines) line.close();
  }

  liveTopics(): ReadonlySet<Topic> {
    const [first, second] = this.#lines;
    return new Set([...first.liveTopics(), ...second.liveTopics()]);
  }

  snapshot(): StreamSnapshot {
    const [first, second] = this.#lines;
    return joinedSnapshot(first.snapshot(), second.snapshot(), this.liveTopics().size);
  }

  /** Passes what one line emits to the arbiter; emits nothing itself, and errors when both lines have given up. */
  #arbitrated$(series: SeriesKey, line: Line, arbiter: CloseArbiter): Observable<never> {
    return this.#lasting$(line, this.#lines[line].closes$(series), () => arbiter.giveUp(line)).pipe(
      tap((signal) => {
        arbiter.take(line, signal);
        if (typeof signal === 'string') this.#options.onChanged();
      }),
      ignoreElements(),
    );
  }

  /** One line's part, begun anew each time the line has given up, unless `isEnd` says that this is the end. */
  #lasting$<T>(line: Line, source$: Observable<T>, isEnd: () => boolean): Observable<T> {
    const { scheduler, pauseMs } = this.#options;
    const begun$ = line === 0 ? source$ : timer(SECOND_LINE_DELAY_MS, scheduler).pipe(switchMap(() => source$));
    return begun$.pipe(
      retry({
        delay: (error: unknown) =>
          hasGivenUp(error) && !isEnd() ? timer(pauseMs, scheduler) : throwError(() => error as Error),
      }),
    );
  }
}

/** Subscribes to the closes as well: a restarted line does not know its former listeners. */
function updates$(line: ObservableCandleStream, series: SeriesKey): Observable<CandleMessage> {
  return defer(() => merge(line.closes$(series).pipe(ignoreElements()), line.running$(series)));
}

/** Any other error is a bug of ours, which the other line cannot make up for. */
function hasGivenUp(error: unknown): boolean {
  return isFeedError(error) && (error.code === 'FEED_RECONNECT_EXHAUSTED' || error.code === 'FEED_GEO_BLOCKED');
}
