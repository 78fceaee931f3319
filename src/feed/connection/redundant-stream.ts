import {
  Observable,
  defer,
  ignoreElements,
  merge,
  retry,
  switchMap,
  throwError,
  timer,
  type SchedulerLike,
  type Subscriber,
} from 'rxjs';
import { isFeedError } from '../../core/errors.ts';
import type { SeriesSignal } from '../../ports/candle-stream.ts';
import type { CandleMessage, SeriesKey, Topic } from '../../ports/stream-protocol.ts';
import { CloseArbiter, UpdateArbiter, type Line } from './arbitration.ts';
import type { ObservableCandleStream, StreamSnapshot } from './connection-context.ts';
import { joinedSnapshot } from './joined-snapshot.ts';

/** The second line asks for a series so much later: at the start all first connections come before all second ones, ms. */
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
      for (const line of LINES) this.#joinCloses(series, line, { arbiter, subscriber });
    });
  }

  /** Holds the topic on each line by itself: a line that is begun anew has forgotten who listened. */
  running$(series: SeriesKey): Observable<CandleMessage> {
    return new Observable((subscriber) => {
      const arbiter = new UpdateArbiter();
      for (const line of LINES) {
        const stream = this.#lines[line];
        const updates$ = defer(() => merge(stream.closes$(series).pipe(ignoreElements()), stream.running$(series)));
        const lasting$ = this.#lasting$(line, updates$, () => false);
        subscriber.add(
          lasting$.subscribe({
            next: (update) => {
              if (arbiter.take(update)) subscriber.next(update);
            },
            error: (error: unknown) => {
              subscriber.error(error);
            },
          }),
        );
      }
    });
  }

  /** Neither line delivers the series, or the other would have: there is nothing to lose on either. */
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

  #joinCloses(
    series: SeriesKey,
    line: Line,
    { arbiter, subscriber }: { arbiter: CloseArbiter; subscriber: Subscriber<SeriesSignal> },
  ): void {
    const closes$ = this.#lasting$(line, this.#lines[line].closes$(series), () => arbiter.giveUp(line));
    subscriber.add(
      closes$.subscribe({
        next: (signal) => {
          arbiter.take(line, signal);
          if (typeof signal === 'string') this.#options.onChanged();
        },
        error: (error: unknown) => {
          subscriber.error(error);
        },
      }),
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

/** Anything else is a bug of ours, and no other line makes it right. */
function hasGivenUp(error: unknown): boolean {
  return isFeedError(error) && (error.code === 'FEED_RECONNECT_EXHAUSTED' || error.code === 'FEED_GEO_BLOCKED');
}
