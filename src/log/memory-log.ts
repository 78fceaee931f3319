import { BehaviorSubject, Observable, Subject, takeUntil, type Subscriber } from 'rxjs';
import { makeCandle, type Candle, type EpochMs } from '../core/candle.ts';
import { LogError } from '../core/errors.ts';
import { LogInterrupted } from '../core/log-interrupted.ts';
import type {
  AppendAnswer,
  CandleLog,
  CandleSeries,
  LogEntry,
  LogSignal,
  LogStart,
  LogStatus,
  SeriesPattern,
} from '../ports/candle-log.ts';
import { keyOf, spelled } from '../venues/series-key.ts';
import { decideAppend } from './append-decision.ts';
import { matches, patternsIn } from './pattern.ts';

/** A log in memory, and what can befall one. */
export interface MemoryLog extends CandleLog {
  /** All that is stored, in the order of storing. */
  readonly entries: readonly LogEntry[];
  /** The same log as another program sees it, to be closed by itself. */
  another(): MemoryLog;
  /** Forgets the last `count` entries, as an engine does that lost power; all readers are interrupted. */
  lose(count: number): void;
  /** Breaks off all reading, as a lost connection does. */
  interrupt(): void;
}

/** A `CandleLog` that keeps its contract in memory: for specs of programs that feed or read one. */
export function memoryLog(): MemoryLog {
  return new InMemory(new Memory());
}

/** What all programs share. */
class Memory {
  entries: LogEntry[] = [];
  readonly #news$ = new Subject<'appended' | 'interrupted'>();
  readonly news$ = this.#news$.asObservable();

  append(entry: LogEntry): void {
    this.entries.push(entry);
    this.#news$.next('appended');
  }

  interrupt(): void {
    this.#news$.next('interrupted');
  }
}

class InMemory implements MemoryLog {
  readonly #status$ = new BehaviorSubject<LogStatus>({ state: 'connected', server: 'memory' });
  readonly status$ = this.#status$.asObservable();
  readonly #memory: Memory;
  readonly #closed$ = new Subject<void>();
  #isClosed = false;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  get entries(): readonly LogEntry[] {
    return this.#memory.entries;
  }

  another(): MemoryLog {
    return new InMemory(this.#memory);
  }

  async tail(series: CandleSeries): Promise<Candle | undefined> {
    await this.#checkOpen();
    return this.#tailOf(spelled(series));
  }

  async append(candle: Candle, after: EpochMs | undefined): Promise<AppendAnswer> {
    await this.#checkOpen();
    const answer = decideAppend(candle.timestamp, after, this.#tailOf(candle)?.timestamp);
    if (answer !== 'append') return answer;
    this.#memory.append({ candle: makeCandle(candle), previous: after ?? null });
    return 'stored';
  }

  read$(series: SeriesPattern | readonly SeriesPattern[], start: LogStart): Observable<LogSignal> {
    const patterns = patternsIn(series);
    const signals$ = new Observable<LogSignal>((subscriber) => {
      if (this.#isClosed) throw closed();
      const reader = new Reader(subscriber, patterns);
      reader.begin(this.#memory.entries, start);
      return this.#memory.news$.subscribe({
        next: (what) => {
          if (what === 'appended') reader.goOn(this.#memory.entries);
          else subscriber.error(new LogInterrupted('reading was interrupted'));
        },
        error: (error: unknown) => {
          subscriber.error(error);
        },
      });
    });
    return signals$.pipe(takeUntil(this.#closed$));
  }

  lose(count: number): void {
    this.#memory.entries = this.entries.slice(0, Math.max(0, this.entries.length - count));
    this.interrupt();
  }

  interrupt(): void {
    this.#memory.interrupt();
  }

  close(): Promise<void> {
    this.#isClosed = true;
    this.#status$.next({ state: 'closed' });
    this.#status$.complete();
    this.#closed$.next();
    return Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #tailOf(series: CandleSeries): Candle | undefined {
    return this.entries.findLast(({ candle }) => matches(series, candle))?.candle;
  }

  /** Answers come later, as those of an engine do. */
  async #checkOpen(): Promise<void> {
    await Promise.resolve();
    if (this.#isClosed) throw closed();
  }
}

/** One reader, and how much of the log it has been given. */
class Reader {
  readonly #subscriber: Subscriber<LogSignal>;
  readonly #patterns: readonly SeriesPattern[];
  #next = 0;

  constructor(subscriber: Subscriber<LogSignal>, patterns: readonly SeriesPattern[]) {
    this.#subscriber = subscriber;
    this.#patterns = patterns;
  }

  begin(entries: readonly LogEntry[], start: LogStart): void {
    if (start === 'tail') {
      const tails = new Map(entries.map((entry) => [keyOf(entry.candle), entry]));
      this.#next = entries.length;
      for (const entry of tails.values()) this.#give(entry);
    } else this.goOn(entries, start.since);
    this.#subscriber.next('live');
    this.goOn(entries);
  }

  /** What is appended by whoever is being given a candle comes in its turn. */
  goOn(entries: readonly LogEntry[], since = -Infinity): void {
    for (let entry = entries[this.#next]; entry !== undefined; entry = entries[this.#next]) {
      this.#next += 1;
      if (entry.candle.timestamp > since) this.#give(entry);
    }
  }

  #give(entry: LogEntry): void {
    if (this.#patterns.some((pattern) => matches(pattern, entry.candle))) this.#subscriber.next(entry);
  }
}

function closed(): LogError {
  return new LogError('closed', 'memory', { what: 'the log is closed; open another with memoryLog()' });
}
