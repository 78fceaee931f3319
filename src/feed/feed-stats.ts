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
import type { Candle, CandleSource, EpochMs } from '../core/candle.ts';
import type { FeedStatus } from '../core/status.ts';

const UP_TO_MS = [10, 50, 100, 250, 500, 1000, 2000, 3000, 5000, 10_000, 60_000];

/** The part of the status that other modules know. */
export type LiveStatus = Pick<
  FeedStatus,
  'connections' | 'streams' | 'redundant' | 'reconnects' | 'clockOffsetMs' | 'lastDataAt' | 'framesDecodedInFull'
>;

/** Counters of one feed. Counting is an addition; a status is built only while there are subscribers. */
export class FeedStats {
  readonly candles: Record<CandleSource, number> = { stream: 0, backfill: 0, history: 0 };
  rescued = 0;
  filled = 0;
  openGaps = 0;
  missing = 0;
  duplicates = 0;
  handlerMs = 0;
  slowestHandlerMs = 0;
  closed = false;
  readonly #delays = new Array<number>(UP_TO_MS.length + 1).fill(0);
  readonly #changed$ = new Subject<void>();

  /** The status has changed. */
  changed(): void {
    if (this.#changed$.observed) this.#changed$.next();
  }

  close(): void {
    this.closed = true;
    this.#changed$.complete();
  }

  /** A live close reached the feed's subscribers at exchange time `now`. */
  countDelay(candle: Candle, now: EpochMs): void {
    const late = now - candle.closeTime;
    const bucket = UP_TO_MS.findIndex((upTo) => late <= upTo);
    const at = bucket < 0 ? UP_TO_MS.length : bucket;
    this.#delays[at] = (this.#delays[at] ?? 0) + 1;
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
    const { closed, rescued, filled, openGaps, missing, duplicates, handlerMs, slowestHandlerMs } = this;
    const closeToEmitMs = { upToMs: UP_TO_MS, counts: [...this.#delays] };
    const counted = { rescued, filled, openGaps, missing, duplicates, handlerMs, slowestHandlerMs };
    return { closed, ...live, ...counted, candles: { ...this.candles }, closeToEmitMs };
  }
}
