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
import { reasonOf, type Wait } from '../waits.ts';
import { FrameClock } from './frame-clock.ts';
import { TimeQuestion, type TimeQuestionOptions } from './time-question.ts';

export interface FeedClockOptions extends Pick<TimeQuestionOptions, 'scheduler' | 'askTime$' | 'onBug'> {
  /** The estimate was learnt or replaced. */
  readonly onMoved: () => void;
  /** The time is being waited for. */
  readonly beginWait: () => Wait;
}

/** A frame that differs from our estimate by more than this, ahead or behind, means that one of the clocks has moved, ms. */
const AHEAD_MS = 1000;
const BEHIND_MS = 15_000;
/** While `/time` does not answer, so do recent frames that all differ by more than this, ms. */
const LEAP_MS = 1000;
/** Frames trigger a request at most this often, ms. */
const ASK_AGAIN_MS = 5000;
/** Maximum age of an estimate before it is refreshed, ms. */
const STALE_MS = 600_000;
/** If the first response leaves a larger uncertainty than this, ms, others follow at once. */
const ROUGH_MS = 15;
const MOST_REPEATS = 2;
/** An estimate older than this means that the machine has slept: no series begins by it until it is renewed, ms. */
const SLEPT_MS = 1.5 * STALE_MS;

/**
 * The exchange's clock: a monotonic local clock and an offset learnt from `/time`, checked against every frame's event time.
 * While `/time` cannot be reached, only frames are used.
 */
export class FeedClock {
  readonly #options: FeedClockOptions;
  #estimate: ClockEstimate | undefined;
  readonly #frames = new FrameClock();
  readonly #question: TimeQuestion;
  #failures = 0;
  /** How many first answers were too inexact; 0 once one was exact enough, or enough have come. */
  #rough = 0;
  #wait: Wait | undefined;

  constructor(options: FeedClockOptions) {
    this.#options = options;
    this.#question = new TimeQuestion({
      ...options,
      onAnswer: (sample) => {
        this.#learn(sample);
      },
      onFailed: (error) => {
        this.#failed(error);
      },
    });
  }

  /** Whether it is exact enough to begin a series: false while first answers are slow, and after a sleep until renewed. */
  get known(): boolean {
    return this.#estimate !== undefined && this.#rough === 0 && !this.#hasSlept;
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
    if (this.#hasSlept) this.#rough = 1;
    if (!this.#question.isAsked && !this.known) this.#wait ??= this.#options.beginWait();
    this.#question.ask();
  }

  /** An estimate older than `ageMs` is renewed. */
  refresh(ageMs: number): void {
    if (this.#question.ageMs > ageMs) this.ask();
  }

  /** A frame built at `eventTime` has just been read. */
  observe(eventTime: EpochMs): void {
    const receivedAt = this.#options.scheduler.now();
    const estimate = this.#estimate;
    this.#frames.observe(eventTime, receivedAt);
    if (estimate === undefined) {
      if (this.#failures > 0) this.#believeFrames();
      return;
    }
    const ahead = eventTime - receivedAt > offsetOf(estimate);
    if (contradicts(estimate, { eventTime, receivedAt }, ahead ? AHEAD_MS : BEHIND_MS)) this.refresh(ASK_AGAIN_MS);
    else this.#estimate = withEventTime(estimate, eventTime, receivedAt);
  }

  /** The clock is not needed for now; errors would go unnoticed meanwhile, so the estimate is dropped. */
  pause(): void {
    this.#question.stop();
    this.#endWait();
    this.#estimate = undefined;
    this.#frames.clear();
    this.#failures = 0;
    this.#rough = 0;
  }

  #learn(sample: TimeSample): void {
    this.#failures = 0;
    this.#frames.clear();
    const wasKnown = this.known;
    const estimate = withTimeSample(this.#estimate, sample);
    // A clock that shows only coarse steps will not be more exact the second time.
    const roughMs = ROUGH_MS + ((sample.stepMs ?? 1) - 1) / 2;
    const isRough = !wasKnown && errorAt(estimate, sample.receivedAt) > roughMs && this.#rough < MOST_REPEATS;
    this.#rough = isRough ? this.#rough + 1 : 0;
    this.#askLater(isRough ? 0 : STALE_MS);
    this.#believe(estimate, !wasKnown);
  }

  #failed(error: unknown): void {
    this.#wait?.because(reasonOf(error));
    const { known } = this;
    this.#failures += 1;
    this.#rough = 0;
    this.#askLater(calculateBackoff(REST_RETRY, this.#failures));
    // An inexact clock is better than none.
    if (!this.#believeFrames() && this.known !== known) this.#tellKnown();
    if (!(error instanceof MarketDataError)) this.#options.onBug(error);
  }

  /** While `/time` fails, frames set the clock: where it is unknown, and where they show that a clock has jumped. */
  #believeFrames(): boolean {
    const frames = this.#frames.estimateAt(this.#options.scheduler.now());
    const offset = this.offsetMs;
    if (frames === undefined || (offset !== undefined && Math.abs(offsetOf(frames) - offset) <= LEAP_MS)) return false;
    this.#believe(frames);
    return true;
  }

  #tellKnown(): void {
    this.#endWait();
    this.#options.onMoved();
  }

  get #hasSlept(): boolean {
    return this.#estimate !== undefined && this.#question.ageMs > SLEPT_MS;
  }

  #endWait(): void {
    this.#wait?.end();
    this.#wait = undefined;
  }

  #askLater(delayMs: number): void {
    this.#question.askLater(delayMs, () => {
      this.ask();
    });
  }

  #believe(estimate: ClockEstimate, isNew = false): void {
    const moved = isNew || this.#estimate === undefined || offsetOf(this.#estimate) !== offsetOf(estimate);
    this.#estimate = estimate;
    if (!this.known) return;
    this.#endWait();
    if (moved) this.#options.onMoved();
  }
}
