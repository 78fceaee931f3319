import type { Observable } from 'rxjs';
import type { EpochMs } from '../core/candle.ts';
import type { Headers } from '../core/retry-after.ts';

/** An answer read to its end. */
export interface HttpAnswer {
  /** What was asked. */
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  /** When it was written by its own `Date`, ms UTC; by this machine's clock where it has none. */
  readonly at: EpochMs;
}

/** GET, without credentials. */
export interface HttpClient {
  /**
   * One request per subscription; unsubscribing aborts it.
   *
   * Emits:     the answer, whatever its status, then completes.
   * Errors:    with MarketDataError: `network`, `proxy`, `certificate`, `timeout`, or `malformed` for a body that cannot be read.
   */
  get$(url: string): Observable<HttpAnswer>;
  /** Closes the sockets that are kept for the next request. */
  closeIdle(): void;
  /** Ends every request and closes every socket. */
  close(): void;
}
