import { Observable, asyncScheduler, type SchedulerLike, type Subscriber } from 'rxjs';
import type { Candle, EpochMs } from '../core/candle.ts';
import type { CandleSeries, CandleStore, StoredSpan } from '../ports/candle-store.ts';
import { mergeByClose } from './merge-by-close.ts';
import { aboveZero, anything, checkOptions } from './check-options.ts';
import { seriesIn } from '../venues/series-key.ts';
import { spanOf } from './span.ts';

/** What is replayed, and how fast. */
export interface ReplayOptions extends StoredSpan {
  /** How many times as fast as they closed: 1 as it was, 60 an hour a minute. Default: at once. */
  readonly speed?: number | undefined;
  /** Time of `speed`. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
}

/** The span is checked where it is read. */
const OPTIONS = { from: anything, to: anything, speed: aboveZero, scheduler: anything };

/**
 * The stored candles of one series or of several, as `closedCandles$` would have delivered them.
 *
 * ```text
 * 1m      -1-2-3-4-5
 * 5m      ---------a
 * result  -1-2-3-4-(5a)
 * ```
 *
 * Emits:     candles as they were stored, frozen, by close time, those that close together by venue, symbol and interval.
 *            Without `speed` a page at a time, other work having its turn between pages; with it in their distances in time,
 *            the first one at once.
 * Errors:    StoreError, ConfigError (bad options).
 * Completes: after the last of them.
 */
export function replay$(
  store: CandleStore,
  series: CandleSeries | readonly CandleSeries[],
  options: ReplayOptions = {},
): Observable<Candle> {
  return new Observable((subscriber) => {
    play(store, seriesIn(series), { options, subscriber }).then(
      () => subscriber.complete(),
      (error: unknown) => subscriber.error(error),
    );
  });
}

interface Playing {
  readonly options: ReplayOptions;
  readonly subscriber: Subscriber<Candle>;
}

async function play(
  store: CandleStore,
  series: readonly CandleSeries[],
  { options, subscriber }: Playing,
): Promise<void> {
  const scheduler = options.scheduler ?? asyncScheduler;
  checkOptions(options, OPTIONS);
  const clock = new ReplayClock(options.speed ?? Infinity, scheduler, subscriber);
  for await (const run of mergeByClose(store, series, spanOf(options))) {
    if (clock.isLongSince(run.length)) await turn(scheduler, subscriber);
    for (const candle of run) {
      if (clock.waitFor(candle.closeTime) > 0) await clock.reach(candle.closeTime);
      if (subscriber.closed) return;
      subscriber.next(candle);
    }
  }
}

/** Candles handed out before others have their turn. */
const TURN_EVERY = 2000;

/** When a candle is due, by a scheduler. */
class ReplayClock {
  readonly #speed: number;
  readonly #scheduler: SchedulerLike;
  readonly #subscriber: Subscriber<Candle>;
  #since = TURN_EVERY;
  #began: { readonly at: number; readonly closeTime: EpochMs } | undefined;

  constructor(speed: number, scheduler: SchedulerLike, subscriber: Subscriber<Candle>) {
    this.#speed = speed;
    this.#scheduler = scheduler;
    this.#subscriber = subscriber;
  }

  /** Ms until a close time is reached; the first one is at once. */
  waitFor(closeTime: EpochMs): number {
    if (this.#speed === Infinity) return 0;
    this.#began ??= { at: this.#scheduler.now(), closeTime };
    const { at, closeTime: first } = this.#began;
    return at + (closeTime - first) / this.#speed - this.#scheduler.now();
  }

  /** Whether so many candles were handed out since others had their turn that it is time again. */
  isLongSince(count: number): boolean {
    const isLong = this.#since >= TURN_EVERY;
    this.#since = count + (isLong ? 0 : this.#since);
    return isLong;
  }

  /** Never settles once nobody listens any more. */
  async reach(closeTime: EpochMs): Promise<void> {
    for (let wait = this.waitFor(closeTime); wait > 0; wait = this.waitFor(closeTime))
      await turn(this.#scheduler, this.#subscriber, Math.min(wait, LONGEST_TIMER_MS));
  }
}

/** A longer timer fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Lets others have their turn; never settles once nobody listens any more, and leaves no timer behind. */
function turn(scheduler: SchedulerLike, subscriber: Subscriber<Candle>, delayMs = 0): Promise<void> {
  return new Promise((resolve) => {
    subscriber.add(scheduler.schedule(() => resolve(), delayMs));
  });
}
