import { share, tap, throwError, timer, type Observable } from 'rxjs';
import { calculateBackoff } from '../../core/backoff.ts';
import { GeoBlockedError, ReconnectExhaustedError } from '../../core/errors.ts';
import type { MarketDataError } from '../../ports/market-data.ts';
import type { SeriesKey } from '../../ports/stream-protocol.ts';
import { failureOf, isClosedByUs } from '../../venues/ccxt/failure.ts';
import type { CandleWatchOptions } from './watch-options.ts';

/** Delay before a series that the exchange refuses to stream is asked for again, ms. */
const REFUSED_MS = 60_000;

/**
 * When a series whose socket failed is asked for again. Series share sockets: those that fail while another waits are asked
 * for together with it, and count as one failure.
 */
export class WatchRetries {
  readonly #options: CandleWatchOptions;
  #attempts = 0;
  #round$: Observable<unknown> | undefined;

  constructor(options: CandleWatchOptions) {
    this.#options = options;
  }

  /** Resets the count of failures. */
  dataCame(): void {
    this.#attempts = 0;
  }

  /**
   * Emits:     when it is time to ask again.
   * Errors:    with GeoBlockedError; with ReconnectExhaustedError after too many failures in a row.
   */
  after$(error: unknown, series: SeriesKey): Observable<unknown> {
    const { scheduler, url } = this.#options;
    const failure = failureOf(error);
    if (isClosedByUs(error)) return timer(0, scheduler);
    if (failure.failure === 'geo-blocked') return throwError(() => new GeoBlockedError(url));
    if (failure.failure === 'refused') return this.#refused$(failure, series);
    return (this.#round$ ??= this.#nextRound$(failure));
  }

  /** Only this series gets no updates; its closes are fetched as before. */
  #refused$({ message }: MarketDataError, { symbol, interval }: SeriesKey): Observable<unknown> {
    const { scheduler, publish } = this.#options;
    publish({ type: 'FRAME_REJECTED', reason: `${symbol} ${interval} is refused`, excerpt: message });
    return timer(REFUSED_MS, scheduler);
  }

  #nextRound$({ failure, message, cause }: MarketDataError): Observable<unknown> {
    const { reconnect, random, scheduler, publish, url } = this.#options;
    this.#attempts += 1;
    if (this.#attempts > reconnect.maxRetries)
      return throwError(() => new ReconnectExhaustedError(reconnect.maxRetries, { url, cause }));
    const delayMs = Math.round(calculateBackoff(reconnect, this.#attempts, random));
    const reason = failure === 'timeout' ? 'no pong' : 'closed by peer';
    publish({ type: 'RECONNECTING', url, attempt: this.#attempts, delayMs, reason, detail: message });
    const over = () => (this.#round$ = undefined);
    return timer(delayMs, scheduler).pipe(tap(over), share());
  }
}
