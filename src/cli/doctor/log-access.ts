import {
  defer, filter, firstValueFrom, ignoreElements, lastValueFrom, map, merge, takeWhile, timeout, toArray, type Observable,
} from 'rxjs'; // prettier-ignore
import type { Candle, VenueId } from '../../index.ts';
import { closedCandlesOfMany$, type LogStatus, type NatsLog, type SeriesPattern } from '../../log/nats/index.ts';
import { openLog, type LogArguments } from '../log-options.ts';

export interface LogSubject extends LogArguments {
  readonly symbols: readonly string[];
  readonly venue?: VenueId;
}

/** How the first attempt to reach the server ended. */
export type Reached = Extract<LogStatus, { readonly state: 'connected' | 'waiting' }>;

/** What the log has of a series asked for, or of any: the last candle of each interval. */
export interface Tails {
  readonly pattern: SeriesPattern;
  readonly candles: readonly Candle[];
}

/** How this machine gets at a log: what the checks of `doctor --nats` look at. */
export class LogAccess {
  readonly log: NatsLog;
  /** As the user gave them. */
  readonly servers: readonly string[];
  /** What is looked for; all there is where nothing was asked for. */
  readonly patterns: readonly SeriesPattern[];
  #tails: Promise<readonly Tails[]> | undefined;

  static async open({ symbols, venue, ...where }: LogSubject): Promise<LogAccess> {
    const patterns = symbols.map((symbol) => ({ venue: venue ?? 'binance-usdm', symbol }));
    return new LogAccess(await openLog(where), where.nats?.servers ?? [], patterns.length > 0 ? patterns : [{ venue }]);
  }

  private constructor(log: NatsLog, servers: readonly string[], patterns: readonly SeriesPattern[]) {
    this.log = log;
    this.servers = servers;
    this.patterns = patterns;
  }

  /** Connects. Rejects with what waiting does not mend, or a TimeoutError. */
  reach(withinMs: number): Promise<Reached> {
    const reached$ = this.log.status$.pipe(filter(({ state }) => state === 'connected' || state === 'waiting'));
    // Reading is what makes the log connect.
    const failed$ = defer(() => this.tails()).pipe(ignoreElements());
    // eslint-disable-next-line rxjs-x/no-ignored-default-value -- one of the two emits or errors
    return firstValueFrom(merge(reached$ as Observable<Reached>, failed$).pipe(timeout(withinMs)));
  }

  /** The last candle of each series, read once. Rejects with a LogError. */
  tails(): Promise<readonly Tails[]> {
    this.#tails ??= Promise.all(this.patterns.map((pattern) => this.#tailsOf(pattern)));
    return this.#tails;
  }

  /** Candles that are stored from now on. */
  news$(): Observable<Candle> {
    return closedCandlesOfMany$(this.log, this.patterns);
  }

  async #tailsOf(pattern: SeriesPattern): Promise<Tails> {
    const candles$ = this.log.read$(pattern, 'tail').pipe(
      takeWhile((signal) => signal !== 'live'),
      map(({ candle }) => candle),
      toArray(),
    );
    return { pattern, candles: await lastValueFrom(candles$, { defaultValue: [] }) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.log.close();
  }
}
