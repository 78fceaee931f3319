import { BehaviorSubject, Observable, Subject, type Subscriber } from 'rxjs';
import type { Candle, EpochMs } from '../core/candle.ts';
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
  /** Forgets the last `count` entries, as an engine does that lost power; readers begin again. */
  lose(count: number): void;
  /** Breaks off all reading, as a lost connection does. */
  interrupt(): void;
}

/** A `CandleLog` that keeps its contract in memory: for specs of programs that feed or read one. */
export function memoryLog(): MemoryLog {
  return new InMemory();
}

class InMemory implements MemoryLog {
  readonly #status$ = new BehaviorSubject<LogStatus>({ state: 'connected', server: 'memory' });
  readonly status$ = this.#status$.asObservable();
  /** What readers are told. */
  readonly #news$ = new Subject<'appended' | 'interrupted'>();
  #entries: LogEntry[] = [];
  #isClosed = false;

  get entries(): readonly LogEntry[] {
    return this.#entries;
  }

  async tail(series: CandleSeries): Promise<Candle | undefined> {
    await this.#checkOpen();
    return this.#tailOf(spelled(series))?.candle;
  }

  async append(candle: Candle, after: EpochMs | undefined): Promise<AppendAnswer> {
    await this.#checkOpen();
    const answer = decideAppend(candle.timestamp, after, this.#tailOf(candle)?.candle.timestamp);
    if (answer !== 'append') return answer;
    this.#entries.push({ candle, previous: after ?? null });
    this.#news$.next('appended');
    return 'stored';
  }

  read$(series: SeriesPattern | readonly SeriesPattern[], start: LogStart): Observable<LogSignal> {
    const patterns = patternsIn(series);
    return new Observable((subscriber) => {
      if (this.#isClosed) throw closed();
      const reader = new Reader(subscriber, patterns);
      reader.begin(this.#entries, start);
      subscriber.add(
        this.#news$.subscribe({
          next: (what) => {
            if (what === 'appended') reader.goOn(this.#entries);
            else subscriber.error(new LogInterrupted('reading was interrupted'));
          },
          error: (error: unknown) => {
            subscriber.error(error);
          },
          complete: () => {
            subscriber.complete();
          },
        }),
      );
    });
  }

  lose(count: number): void {
    this.#entries = this.#entries.slice(0, Math.max(0, this.#entries.length - count));
    this.interrupt();
  }

  interrupt(): void {
    this.#news$.next('interrupted');
  }

  close(): Promise<void> {
    this.#status$.next({ state: 'closed' });
    this.#status$.complete();
    this.#news$.complete();
    this.#isClosed = true;
    return Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #tailOf(series: CandleSeries): LogEntry | undefined {
    return this.#entries.findLast(({ candle }) => matches(series, candle));
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
