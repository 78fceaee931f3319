import { AsyncLocalStorage } from 'node:async_hooks';
import { Observable, type Subscriber } from 'rxjs';
import type { VenueId } from '../core/candle.ts';
import { MarketDataError, type Reply } from '../ports/market-data.ts';
import type { Parsed } from '../venues/binance-rows.ts';
import { openCalls, type Calls, type FetchForCcxt } from './binance-calls.ts';
import { failureOf, toMarketDataError, usedWeightOf } from './binance-failure.ts';
import { httpClient, StaleSocketError, type HttpAnswer, type HttpClient } from './http-get.ts';

/** What to call and how to read its body. */
export interface Ask<T> {
  readonly call: (to: Calls) => Promise<unknown>;
  readonly parse: (body: unknown) => Parsed<T>;
}

export interface RequestOptions {
  readonly venueId: VenueId;
  /** Scheme and host. */
  readonly origin: string;
  readonly credentials: { readonly apiKey: string; readonly apiSecret: string } | undefined;
  /** From the first byte sent to the last byte read, ms. */
  readonly timeoutMs: number;
}

/** Requests through ccxt, each in a context of its own, so that its answer is known however many are under way. */
export class BinanceRequests {
  readonly #options: RequestOptions;
  readonly #http: HttpClient;
  readonly #exchanges = new AsyncLocalStorage<Exchange>();
  readonly #running = new Set<Exchange>();
  #calls: Promise<Calls> | undefined;
  #closed = false;

  constructor(options: RequestOptions) {
    this.#options = options;
    this.#http = httpClient(options.origin);
  }

  /** Loads ccxt. */
  ready(): Promise<unknown> {
    return (this.#calls ??= openCalls({ ...this.#options, fetch: this.#fetch }));
  }

  /** One request per subscription; errors with MarketDataError. */
  request$<T>(ask: Ask<T>): Observable<Reply<T>> {
    return new Observable<Reply<T>>((subscriber) => {
      const exchange = new Exchange(this.#options.timeoutMs);
      this.#running.add(exchange);
      subscriber.add(() => {
        this.#running.delete(exchange);
        exchange.end(new MarketDataError('network', 'no longer wanted'));
      });
      if (this.#closed) exchange.end(closedError());
      this.#tell(subscriber, exchange, this.#perform(exchange, ask));
    });
  }

  /** Ends every request and destroys every socket. */
  close(): void {
    this.#closed = true;
    for (const exchange of this.#running) exchange.end(closedError());
    this.#http.close();
  }

  #tell<T>(subscriber: Subscriber<Reply<T>>, exchange: Exchange, reply: Promise<Reply<T>>): void {
    reply.then(
      (value) => {
        subscriber.next(value);
        subscriber.complete();
      },
      (error: unknown) => !subscriber.closed && subscriber.error(toMarketDataError(error, exchange.answer)),
    );
  }

  async #perform<T>(exchange: Exchange, ask: Ask<T>): Promise<Reply<T>> {
    exchange.signal.throwIfAborted();
    const calls = await (this.#calls ??= openCalls({ ...this.#options, fetch: this.#fetch }));
    exchange.signal.throwIfAborted();
    const body = await this.#exchanges.run(exchange, () => ask.call(calls));
    const usedWeight = usedWeightOf(exchange.answer);
    const parsed = ask.parse(body);
    if (!parsed.ok) throw new MarketDataError('malformed', parsed.reason, { status: 200, usedWeight });
    return { value: parsed.value, usedWeight };
  }

  /** What ccxt takes for `fetch`: it answers only 200, with the body read to its end; everything else is thrown. */
  readonly #fetch: FetchForCcxt = async (url, { headers }) => {
    const exchange = this.#exchanges.getStore();
    if (exchange === undefined) throw new Error('a request of nobody');
    exchange.startDeadline();
    const answer = await this.#http.get(url, { headers, signal: exchange.signal }).catch((error: unknown) => {
      throw error instanceof StaleSocketError ? staleSocketError(error) : error;
    });
    exchange.answer = answer;
    const failure = failureOf(answer, url);
    if (failure !== undefined) throw failure;
    return { status: answer.status, statusText: 'OK', headers: {}, text: () => Promise.resolve(answer.body) };
  };
}

/** One request: its deadline, how it ends early, and what came back. */
class Exchange {
  readonly #abort = new AbortController();
  readonly #timeoutMs: number;
  #timer: NodeJS.Timeout | undefined;
  answer: HttpAnswer | undefined;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  startDeadline(): void {
    const ms = this.#timeoutMs;
    const late = new MarketDataError('timeout', `no whole answer within ${ms} ms`);
    this.#timer = setTimeout(() => this.#abort.abort(late), ms);
  }

  /** Frees its timer, and its socket if it still has one. */
  end(reason: MarketDataError): void {
    clearTimeout(this.#timer);
    this.#abort.abort(reason);
  }
}

/** Ours before ccxt sees it, which tells one broken socket from another by nothing but text. */
function staleSocketError(cause: StaleSocketError): MarketDataError {
  return new MarketDataError('network', cause.message, { onStaleSocket: true, cause });
}

function closedError(): MarketDataError {
  return new MarketDataError('network', 'the REST client is closed');
}
