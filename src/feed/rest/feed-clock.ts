import type { Observable, SchedulerLike, Subscription } from 'rxjs';
import { REST_RETRY, calculateBackoff } from '../../core/backoff.ts';
import type { EpochMs } from '../../core/candle.ts';
import {
  contradicts,
  errorAt,
  offsetOf,
  withEventTime,
  withTimeSample,
  type ClockEstimate,
  type TimeSample,
} from '../../core/exchange-clock.ts';
import type { At } from '../../core/series-state.ts';
import { MarketDataError } from '../../ports/market-data.ts';
import { after } from '../after.ts';
import { guardedObserver, type OnBug } from '../guarded.ts';
import { reasonOf, type Wait } from '../waits.ts';

export interface FeedClockOptions {
  /** Monotonic local time. */
  readonly scheduler: SchedulerLike;
  /** Requests the exchange's time, once. */
  readonly askTime$: () => Observable<TimeSample>;
  /** The estimate was learnt or replaced. */
  readonly onMoved: () => void;
  /** A bug of ours, in the request or in handling its result. */
  readonly onBug: OnBug;
  /** The time is being waited for. */
  readonly beginWait: () => Wait;
}

/** A frame further ahead of us than this, or further behind, means that one of the two clocks moved, ms. */
const AHEAD_MS = 1000;
const BEHIND_MS = 15_000;
/** Frames trigger a request at most this often, ms. */
const ASK_AGAIN_MS = 5000;
/** Maximum age of an estimate before it is refreshed, ms. */
const STALE_MS = 600_000;
/** If the first response leaves a larger uncertainty than this, ms, others follow at once. */
const ROUGH_MS = 15;
const MOST_REPEATS = 2;

/**
 * The exchange's clock: a monotonic local clock and an offset learnt from `/time`, checked against every frame's event time.
 * While `/time` cannot be reached, only frames are used.
 */
export class FeedClock {
  readonly #options: FeedClockOptions;
  #estimate: ClockEstimate | undefined;
  #fromFrames: ClockEstimate | undefined;
  #asking: Subscription | undefined;
  #retry: Subscription | undefined;
  #failures = 0;
  /** First answers so far that were not exact enough; 0 once one was, or enough have come. */
  #rough = 0;
  #lastAsked = -Infinity;
  #wait: Wait | undefined;

  constructor(options: FeedClockOptions) {
    this.#options = options;
  }

  /** Whether marks can be drawn by it: the first answers, if slow, are not exact enough. */
  get known(): boolean {
    return this.#estimate !== undefined && this.#rough === 0;
  }

  /** Exchange time minus local time, ms; undefined while unknown. */
  get offsetMs(): number | undefined {
    return this.#estimate && offsetOf(this.#estimate);
  }

  now(): EpochMs {
    return this.exchangeAt(this.#options.scheduler.now());
  }

  at(): At {
    const local = this.#options.scheduler.now();
    return { exchange: this.exchangeAt(local), atLeast: this.atLeast(local), local };
  }

  /** Our best estimate of the exchange's clock at a local time. */
  exchangeAt(local: number): EpochMs {
    return local + (this.offsetMs ?? 0);
  }

  /** What the exchange's clock had surely reached at a local time. */
  atLeast(local: number): EpochMs {
    const estimate = this.#estimate;
    return estimate === undefined ? -Infinity : local + offsetOf(estimate) - errorAt(estimate, local);
  }

  /** What the exchange's clock had surely not passed at a local time. */
  atMost(local: number): EpochMs {
    return 2 * this.exchangeAt(local) - this.atLeast(local);
  }

  /** Requests the exchange's time, unless a request is already in flight. */
  ask(): void {
    if (this.#asking !== undefined) return;
    this.#retry?.unsubscribe();
    if (!this.known) this.#wait ??= this.#options.beginWait();
    this.#lastAsked = this.#options.scheduler.now();
    const { askTime$, onBug } = this.#options;
    const observer = {
      next: (sample: TimeSample) => {
        this.#learn(sample);
      },
      error: (error: unknown) => {
        this.#wait?.because(reasonOf(error));
        this.#failed();
        if (!(error instanceof MarketDataError)) onBug(error);
      },
      complete: () => {
        this.#asking = undefined;
      },
    };
    this.#asking = askTime$().subscribe(guardedObserver(observer, onBug));
    if (this.#asking.closed) this.#asking = undefined;
  }

  /** An estimate older than `ageMs` is renewed. */
  refresh(ageMs: number): void {
    if (this.#options.scheduler.now() - this.#lastAsked > ageMs) this.ask();
  }

  /** A frame built at `eventTime` has just been read. */
  observe(eventTime: EpochMs): void {
    const receivedAt = this.#options.scheduler.now();
    const estimate = this.#estimate;
    this.#fromFrames = withEventTime(this.#fromFrames, eventTime, receivedAt);
    if (estimate === undefined) {
      if (this.#failures > 0) this.#believe(this.#fromFrames);
      return;
    }
    const ahead = eventTime - receivedAt > offsetOf(estimate);
    if (contradicts(estimate, { eventTime, receivedAt }, ahead ? AHEAD_MS : BEHIND_MS)) this.refresh(ASK_AGAIN_MS);
    else this.#estimate = withEventTime(estimate, eventTime, receivedAt);
  }

  /** The clock is not needed for now; errors would go unnoticed meanwhile, so the estimate is dropped. */
  pause(): void {
    this.#asking?.unsubscribe();
    this.#asking = undefined;
    this.#retry?.unsubscribe();
    this.#endWait();
    this.#estimate = undefined;
    this.#fromFrames = undefined;
    this.#failures = 0;
    this.#rough = 0;
    this.#lastAsked = -Infinity;
  }

  #learn(sample: TimeSample): void {
    this.#failures = 0;
    this.#asking = undefined;
    this.#fromFrames = undefined;
    const wasKnown = this.known;
    const estimate = withTimeSample(this.#estimate, sample);
    const isRough = !wasKnown && errorAt(estimate, sample.receivedAt) > ROUGH_MS && this.#rough < MOST_REPEATS;
    this.#rough = isRough ? this.#rough + 1 : 0;
    this.#askLater(isRough ? 0 : STALE_MS);
    this.#believe(estimate, !wasKnown);
  }

  #failed(): void {
    this.#asking = undefined;
    this.#failures += 1;
    const wasRough = this.#rough > 0;
    this.#rough = 0;
    this.#askLater(calculateBackoff(REST_RETRY, this.#failures));
    if (this.#fromFrames !== undefined && (this.#estimate === undefined || this.#isContradicted(this.#fromFrames))) {
      this.#believe(this.#fromFrames);
    } else if (wasRough) {
      this.#endWait();
      this.#options.onMoved();
    }
  }

  #endWait(): void {
    this.#wait?.end();
    this.#wait = undefined;
  }

  #isContradicted(fromFrames: ClockEstimate): boolean {
    return this.#estimate !== undefined && offsetOf(fromFrames) - offsetOf(this.#estimate) > AHEAD_MS;
  }

  #askLater(delayMs: number): void {
    this.#retry?.unsubscribe();
    this.#retry = after(this.#options.scheduler, delayMs, () => {
      this.ask();
    });
  }

  #believe(estimate: ClockEstimate, isNew = false): void {
    const moved = isNew || this.#estimate === undefined || offsetOf(this.#estimate) !== offsetOf(estimate);
    this.#estimate = estimate;
    if (this.known) this.#endWait();
    if (moved && this.known) this.#options.onMoved();
  }
}
