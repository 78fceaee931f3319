import {
  defer,
  distinctUntilChanged,
  finalize,
  map,
  mergeMap,
  repeat,
  retry,
  scan,
  share,
  tap,
  type Observable,
} from 'rxjs';
import { unusableBecause, type Candle, type EpochMs } from '../../core/candle.ts';
import type { CountedCandleStream, SeriesSignal, StreamSnapshot } from '../../ports/candle-stream.ts';
import type { CandleMessage, SeriesKey } from '../../ports/stream-protocol.ts';
import type { CcxtRow } from '../../venues/ccxt/exchange.ts';
import { candleOf } from '../../venues/ccxt/rows.ts';
import { CcxtSockets } from './sockets.ts';
import { WatchRetries } from './watch-retries.ts';
import type { CandleWatchOptions } from './watch-options.ts';

/**
 * ccxt's sockets as a `CountedCandleStream`. ccxt never says that a candle is closed, so all they tell of a series is that it
 * has moved on, and updates of the running candle. Closes are fetched, so an update that is lost costs only time.
 *
 * Nothing is opened before the first subscription. Once no series is left, every socket is closed.
 */
export class CandleWatch implements CountedCandleStream {
  readonly #options: CandleWatchOptions;
  readonly #series = new Map<string, Observable<readonly CcxtRow[]>>();
  readonly #sockets: CcxtSockets;
  readonly #retries: WatchRetries;
  #frames = 0;
  #lastDataAt: number | undefined;

  constructor(options: CandleWatchOptions) {
    this.#options = options;
    this.#sockets = new CcxtSockets(options);
    this.#retries = new WatchRetries(options);
  }

  closes$(series: SeriesKey): Observable<SeriesSignal> {
    return this.#updates$(series).pipe(
      scan((latest, rows) => Math.max(latest, newestOf(rows)), -Infinity),
      distinctUntilChanged(),
      map(() => 'moved on'),
    );
  }

  /** From ccxt's own cache of the interval: on some exchanges an update may belong to another interval of the symbol. */
  running$(series: SeriesKey): Observable<CandleMessage> {
    const { exchange, venue } = this.#options;
    const running = (): Candle | undefined => {
      const row = exchange.ohlcvs?.[series.symbol]?.[series.interval]?.at(-1);
      return row === undefined ? undefined : candleOf(row, series, venue);
    };
    return this.#updates$(series).pipe(
      map(running),
      mergeMap((candle) => (candle === undefined || unusableBecause(candle) !== undefined ? [] : [messageOf(candle)])),
    );
  }

  /** Closes are fetched by the clock, and ccxt itself replaces sockets that do not answer its pings. */
  refresh(): void {
    return;
  }

  close(): void {
    this.#sockets.closeAll();
  }

  /** Resolves when no socket is left. */
  async allClosed(): Promise<void> {
    await this.#sockets.allClosed();
  }

  snapshot(): StreamSnapshot {
    const { open: connections, reconnects } = this.#sockets;
    const counts = { framesReceived: this.#frames, framesRejected: 0, framesDecodedInFull: 0 };
    return { connections, topics: this.#series.size, live: 0, redundant: 0, counts, reconnects, lastDataAt: this.#lastDataAt }; // prettier-ignore
  }

  /** Updates of one series, watched while somebody listens. */
  #updates$(series: SeriesKey): Observable<readonly CcxtRow[]> {
    const key = `${series.symbol} ${series.interval}`;
    return defer(() => {
      const known$ = this.#series.get(key);
      if (known$ !== undefined) return known$;
      const leave = () => {
        this.#series.delete(key);
        this.#unwatch(series);
      };
      const updates$ = this.#watch$(series).pipe(finalize(leave), share());
      this.#series.set(key, updates$);
      return updates$;
    });
  }

  #watch$({ symbol, interval }: SeriesKey): Observable<readonly CcxtRow[]> {
    const { exchange, scheduler } = this.#options;
    return defer(() => exchange.watchOHLCV(symbol, interval)).pipe(
      tap(() => {
        this.#retries.dataCame();
        this.#frames += 1;
        this.#lastDataAt = Math.floor(scheduler.now() / 1000) * 1000;
      }),
      repeat(),
      retry({ delay: (error) => this.#retries.after$(error, { symbol, interval }) }),
    );
  }

  /** Where a single series cannot be unsubscribed, its updates keep coming, unheard, until the socket is closed. */
  #unwatch({ symbol, interval }: SeriesKey): void {
    const { exchange } = this.#options;
    if (this.#series.size === 0) this.#sockets.closeAll();
    else if (exchange.has['unWatchOHLCV'] === true) exchange.unWatchOHLCV(symbol, interval).catch(() => undefined);
  }
}

const messageOf = (candle: Candle): CandleMessage => ({ kind: 'candle', candle, finality: 'unknown', eventTime: null });

function newestOf(rows: readonly CcxtRow[]): EpochMs {
  return rows.reduce((newest, [openTime]) => Math.max(newest, openTime ?? -Infinity), -Infinity);
}
