import {
  Subject,
  asyncScheduler,
  concat,
  defer,
  endWith,
  ignoreElements,
  map,
  of,
  takeUntil,
  throttleTime,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import type { CandleSource } from '../core/candle.ts';
import { CLOSE_BOUNDS_MS, DelayCounter, GAP_BOUNDS_MS } from '../core/delay-histogram.ts';
import type { MissingReason } from '../core/events.ts';
import type { FeedStatus } from '../core/status.ts';
import type { FrameCounts } from '../ports/candle-stream.ts';

/** The part of the status that other modules know. */
export type LiveStatus = Pick<
  FeedStatus,
  | keyof FrameCounts
  | 'venue' | 'connections' | 'streams' | 'redundant' | 'reconnects' | 'lastDataAt' | 'clockOffsetMs' | 'series'
  | 'lateAfterMs' | 'waits' | 'rest'
>; // prettier-ignore

/** Counters of one feed. Counting is an addition; a status is built only while there are subscribers. */
export class FeedStats {
  readonly candles: Record<CandleSource, number> = { stream: 0, backfill: 0, history: 0 };
  readonly missingCandles: Record<MissingReason, number> = { absent: 0, rejected: 0, 'no trades': 0 };
  rescued = 0;
  filled = 0;
  openGaps = 0;
  missing = 0;
  duplicates = 0;
  late = 0;
  completed = 0;
  handlerMs = 0;
  slowestHandlerMs = 0;
  closed = false;
  readonly #delays = new DelayCounter(CLOSE_BOUNDS_MS);
  readonly #gaps = new DelayCounter(GAP_BOUNDS_MS);
  readonly #changed$ = new Subject<void>();

  /** The status has changed. */
  changed(): void {
    if (this.#changed$.observed) this.#changed$.next();
  }

  close(): void {
    this.closed = true;
    this.#changed$.complete();
  }

  /** A live close reached the feed's subscribers so long after its close time, by the exchange's clock. */
  countDelay(ms: number): void {
    this.#delays.count(ms);
  }

  countFilled(durationMs: number): void {
    this.filled += 1;
    this.#gaps.count(durationMs);
  }

  /** A range that the exchange lacks, and how many candles that is. */
  countMissing(reason: MissingReason, candles: number): void {
    this.missing += 1;
    this.missingCandles[reason] += candles;
  }

  /** The stream sent a close that was there already. */
  countDropped(wasFetched: boolean): void {
    if (wasFetched) this.late += 1;
    else this.duplicates += 1;
  }

  /** The slowest handler so far changes the status. */
  countHandler(ms: number): void {
    this.handlerMs += ms;
    if (ms <= this.slowestHandlerMs) return;
    this.slowestHandlerMs = ms;
    this.changed();
  }

  /** The current status, then each change, at most ten a second. Closing the feed emits the last one at once and completes. */
  status$(live: () => LiveStatus, scheduler: SchedulerLike = asyncScheduler): Observable<FeedStatus> {
    const closed$ = this.#changed$.pipe(ignoreElements(), endWith(undefined));
    const throttled$ = this.#changed$.pipe(throttleTime(100, scheduler, { leading: true, trailing: true }));
    const now$ = of(undefined);
    const moments$ = defer(() => (this.closed ? now$ : concat(now$, throttled$.pipe(takeUntil(closed$)), now$)));
    return moments$.pipe(map(() => this.#snapshot(live())));
  }

  #snapshot(live: LiveStatus): FeedStatus {
    const { closed, rescued, filled, openGaps, missing, duplicates, late, completed, handlerMs, slowestHandlerMs } =
      this;
    const counted = { rescued, filled, openGaps, missing, duplicates, late, completed, handlerMs, slowestHandlerMs };
    const records = { candles: { ...this.candles }, missingCandles: { ...this.missingCandles } };
    const delays = { closeToEmitMs: this.#delays.snapshot(), gapFillMs: this.#gaps.snapshot() };
    return { closed, ...live, ...counted, ...records, ...delays };
  }
}
