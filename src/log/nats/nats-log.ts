import {
  Subject,
  asyncScheduler,
  catchError,
  defer,
  merge,
  switchMap,
  takeUntil,
  throwError,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import type { Candle, EpochMs } from '../../core/candle.ts';
import type {
  AppendAnswer,
  CandleLog,
  CandleSeries,
  LogSignal,
  LogStart,
  LogStatus,
  SeriesPattern,
} from '../../ports/candle-log.ts';
import { spelled } from '../../venues/series-key.ts';
import { patternsIn } from '../pattern.ts';
import { appendOnce, readTail } from './append.ts';
import { checkStreamOptions, ensureStream } from './ensure-stream.ts';
import { NatsLink } from './link.ts';
import {
  natsSettings,
  type NatsLogOptions,
  type NatsSettings,
  type StreamOptions,
  type StreamReport,
} from './options.ts';
import { readStream$ } from './read.ts';

/** A `CandleLog` in a stream of NATS JetStream. */
export interface NatsLog extends CandleLog {
  /**
   * Makes the stream, or looks whether the one that is there keeps the rules that the promise needs. Nothing of an existing
   * stream is changed.
   *
   * @returns rejects with a LogError that says what is wrong with it
   */
  ensureStream(options?: StreamOptions): Promise<StreamReport>;
}

/**
 * Opens a log in NATS JetStream. Connects with the first use, to whichever server answers, and again after every loss; the
 * connection stays until `close()`. Loads `@nats-io/transport-node` and `@nats-io/jetstream` only then.
 *
 * @throws ConfigError that lists every problem with the options
 */
export function natsLog(options: NatsLogOptions = {}): NatsLog {
  const { scheduler = asyncScheduler, ...settings } = options;
  return new JetStreamLog(natsSettings(settings), scheduler);
}

class JetStreamLog implements NatsLog {
  readonly status$: Observable<LogStatus>;
  readonly #scheduler: SchedulerLike;
  readonly #link: NatsLink;
  readonly #closed$ = new Subject<void>();

  constructor(settings: NatsSettings, scheduler: SchedulerLike) {
    this.#scheduler = scheduler;
    this.#link = new NatsLink(settings, scheduler);
    this.status$ = this.#link.status$;
  }

  async ensureStream(options: StreamOptions = {}): Promise<StreamReport> {
    checkStreamOptions(options);
    return this.#link.persist((session) => ensureStream(session, options));
  }

  async tail(series: CandleSeries): Promise<Candle | undefined> {
    const stored = await this.#link.persist((session) => readTail(session, spelled(series)));
    return stored?.entry.candle;
  }

  append(candle: Candle, after: EpochMs | undefined): Promise<AppendAnswer> {
    return this.#link.persist((session) => appendOnce(session, candle, after));
  }

  read$(series: SeriesPattern | readonly SeriesPattern[], start: LogStart): Observable<LogSignal> {
    const request = { patterns: patternsIn(series), start, scheduler: this.#scheduler };
    return defer(() => this.#link.session()).pipe(
      switchMap((session) => merge(readStream$(session, request), this.#link.loss$(session))),
      catchError((error: unknown) => throwError(() => this.#link.failureOf(error))),
      takeUntil(this.#closed$),
    );
  }

  async close(): Promise<void> {
    this.#closed$.next();
    await this.#link.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
