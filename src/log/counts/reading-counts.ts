import type { SchedulerLike } from 'rxjs';
import type { Candle, CandleSource, EpochMs } from '../../core/candle.ts';
import { CLOSE_BOUNDS_MS, DelayCounter, type DelayHistogram } from '../../core/delay-histogram.ts';
import { SHORTEST_LENGTH_MS, closeTimeOf } from '../../core/interval.ts';
import type { CandleSeries, LogSignal, SeriesPattern } from '../../ports/candle-log.ts';
import { keyOf } from '../../venues/series-key.ts';
import { isOneSeries } from '../pattern.ts';

/** What a reader waits for: the next candle of a series; without one, more of the past that it reads. */
export interface Awaited {
  readonly series: CandleSeries | undefined;
  /** How long the candle has been over, 0 before; or nothing has come. ms. */
  readonly lateMs: number;
}

/** Reading broke off, or something was missing. */
export type Repair = 'interrupted' | 'hole';

/** What is read out of a log. */
export class ReadingCounts {
  /** Candles delivered. */
  readonly read: Record<CandleSource, number> = { stream: 0, backfill: 0, history: 0 };
  /** Times that a reader began again. */
  readonly repairs: Record<Repair, number> = { interrupted: 0, hole: 0 };
  readonly #scheduler: SchedulerLike;
  readonly #readers = new Set<ReaderCounts>();
  readonly #delays = new DelayCounter(CLOSE_BOUNDS_MS);

  constructor(scheduler: SchedulerLike) {
    this.#scheduler = scheduler;
  }

  begin(patterns: readonly SeriesPattern[]): ReaderCounts {
    const reader = new ReaderCounts(this, patterns);
    this.#readers.add(reader);
    return reader;
  }

  end(reader: ReaderCounts): void {
    this.#readers.delete(reader);
  }

  deliver({ source, closeTime }: Candle, isLive: boolean): void {
    this.read[source] += 1;
    if (isLive && source === 'stream') this.#delays.count(this.now() - closeTime);
  }

  now(): EpochMs {
    return this.#scheduler.now();
  }

  /** How many are up to date, and how many are not yet, or not any more. */
  get readers(): Record<'catching up' | 'live', number> {
    const live = [...this.#readers].filter(({ isLive }) => isLive).length;
    return { 'catching up': this.#readers.size - live, live };
  }

  get awaited(): Awaited[] {
    const now = this.now();
    return [...this.#readers].flatMap((reader) => reader.awaited(now));
  }

  /** How long the next candle has been over of the series that is most overdue, ms. */
  get latestMs(): number {
    const late = this.awaited.filter(({ series }) => series !== undefined);
    return late.reduce((most, { lateMs }) => Math.max(most, lateMs), 0);
  }

  /** From the close of a live candle to its reader, by this machine's clock, ms. */
  get delays(): DelayHistogram {
    return this.#delays.snapshot();
  }
}

/** One reader. */
export class ReaderCounts {
  readonly #all: ReadingCounts;
  #isLive = false;
  #heardAt: EpochMs;
  /** The newest candle that the log has, of each series. */
  readonly #newest = new Map<string, Candle>();
  /** Series of which there is none yet, and when their first will be over. */
  readonly #expected: Map<string, { readonly series: CandleSeries; readonly due: EpochMs }>;

  constructor(all: ReadingCounts, patterns: readonly SeriesPattern[]) {
    this.#all = all;
    this.#heardAt = all.now();
    const expected = patterns.filter(isOneSeries).map((series) => {
      const due = this.#heardAt + SHORTEST_LENGTH_MS[series.interval];
      return [keyOf(series), { series, due }] as const;
    });
    this.#expected = new Map(expected);
  }

  get isLive(): boolean {
    return this.#isLive;
  }

  /** Something of the past came. */
  hear(): void {
    this.#heardAt = this.#all.now();
  }

  /** Something came, whether it is delivered or not. */
  see(signal: LogSignal): void {
    this.hear();
    if (signal === 'live') this.#isLive = true;
    else this.#take(signal.candle);
  }

  deliver(candle: Candle): void {
    this.#all.deliver(candle, this.#isLive);
  }

  /** One that was up to date has as long as any other until something of the past comes. */
  repair(why: Repair): void {
    if (this.#isLive) this.hear();
    this.#isLive = false;
    this.#all.repairs[why] += 1;
  }

  awaited(now: EpochMs): Awaited[] {
    if (!this.#isLive) return [{ series: undefined, lateMs: Math.max(0, now - this.#heardAt) }];
    const next = [...this.#newest.values()].map((series) => ({ series, due: nextCloseOf(series) }));
    return [...next, ...this.#expected.values()].map(({ series, due }) => ({ series, lateMs: Math.max(0, now - due) }));
  }

  #take(candle: Candle): void {
    const key = keyOf(candle);
    const before = this.#newest.get(key);
    if (before !== undefined && before.timestamp >= candle.timestamp) return;
    this.#newest.set(key, candle);
    this.#expected.delete(key);
  }
}

function nextCloseOf({ closeTime, interval }: Candle): EpochMs {
  return closeTimeOf(closeTime + 1, interval);
}
