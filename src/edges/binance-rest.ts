import { AsyncLocalStorage } from 'node:async_hooks';
import { Observable } from 'rxjs';
import { MarketDataError, type KlinesRequest, type MarketData, type Reply } from '../ports/market-data.ts';
import { candlesOf, serverTimeOf, symbolsOf, type Parsed } from '../venues/binance-rows.ts';
import type { Candle } from '../core/candle.ts';
import type { Venue } from '../venues/venue.ts';
import { openCalls, type Calls } from './binance-calls.ts';
import { failureOf, usedWeightOf } from './binance-failure.ts';
import { httpClient, type HttpAnswer, type HttpClient } from './http-get.ts';

export interface BinanceRestOptions {
  readonly venue: Pick<Venue, 'id'>;
  /** Scheme and host: `https://fapi.binance.com`. */
  readonly restUrl: string;
  /** Handed to ccxt, which does not send them with public calls. */
  readonly credentials?: { readonly apiKey: string; readonly apiSecret: string } | undefined;
  /** For one request from the first byte sent to the last byte read, ms. Loading ccxt is not counted. */
  readonly timeoutMs: number;
}

/** One request: how it ends early, and what came back. */
interface Exchange {
  readonly signal: AbortSignal;
  /** Starts the deadline. */
  begin(): void;
  answer?: HttpAnswer;
}

/**
 * Binance's REST interface through ccxt's implicit calls, which answer the exchange's own rows.
 * ccxt builds the requests and reads the JSON; sockets, deadline, headers and errors are ours (FACTS 12).
 *
 * Emits:     one Reply per subscription.
 * Errors:    with MarketDataError, always; `network` once closed.
 * Time:      one deadline per request, by the machine's timers.
 */
export function binanceRest(options: BinanceRestOptions): MarketData & { close(): void } {
  const { venue, timeoutMs } = options;
  const origin = options.restUrl.replace(/\/+$/, '');
  const http = httpClient(origin);
  const exchanges = new AsyncLocalStorage<Exchange>();
  const running = new Set<AbortController>();
  let [calls, closed]: [Promise<Calls> | undefined, boolean] = [undefined, false];

  /** Runs one call in a context of its own, so that its answer is known however many are under way. */
  async function perform<T>(exchange: Exchange, ask: Ask<T>): Promise<Reply<T>> {
    const { credentials } = options;
    calls ??= openCalls({ venueId: venue.id, origin, credentials, fetch: fetchThrough(http, exchanges) });
    const opened = await calls;
    exchange.signal.throwIfAborted();
    const body = await exchanges.run(exchange, () => ask.call(opened));
    const usedWeight = usedWeightOf(exchange.answer?.headers ?? {});
    const parsed = ask.parse(body);
    if (!parsed.ok) throw new MarketDataError('malformed', parsed.reason, { status: 200, usedWeight });
    return { value: parsed.value, usedWeight };
  }

  function request$<T>(ask: Ask<T>): Observable<Reply<T>> {
    return new Observable<Reply<T>>((subscriber) => {
      if (closed) return subscriber.error(closedError());
      const abort = new AbortController();
      const { exchange, end } = exchangeOf(abort, timeoutMs);
      running.add(abort);
      subscriber.add(() => {
        running.delete(abort);
        end();
      });
      perform(exchange, ask).then(
        (reply) => {
          subscriber.next(reply);
          subscriber.complete();
        },
        (error: unknown) => !subscriber.closed && subscriber.error(toMarketDataError(error, exchange)),
      );
      return undefined;
    });
  }

  return {
    serverTime$: () => request$({ call: (to) => to.time(), parse: serverTimeOf }),
    symbols$: () => request$({ call: (to) => to.symbols(), parse: symbolsOf }),
    klines$: (request) =>
      request$({
        call: (to) => to.klines(paramsOf(request)),
        parse: (body) =>
          inSpan(candlesOf(body, { venue: venue.id, symbol: request.symbol, interval: request.interval }), request),
      }),
    close() {
      closed = true;
      for (const abort of running) abort.abort(closedError());
      http.close();
    },
  };
}

/** What to call and how to read its body. */
interface Ask<T> {
  call(to: Calls): Promise<unknown>;
  parse(body: unknown): Parsed<T>;
}

function exchangeOf(abort: AbortController, timeoutMs: number): { exchange: Exchange; end: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const late = () => abort.abort(new MarketDataError('timeout', `no whole answer within ${String(timeoutMs)} ms`));
  const begin = () => void (timer ??= setTimeout(late, timeoutMs));
  const end = () => {
    clearTimeout(timer);
    abort.abort(new MarketDataError('network', 'no longer wanted'));
  };
  return { exchange: { signal: abort.signal, begin }, end };
}

/** What ccxt takes for `fetch`: it answers only 200, with the body read to its end; everything else is thrown. */
function fetchThrough(http: HttpClient, exchanges: AsyncLocalStorage<Exchange>) {
  return async (url: string, params: { headers: Record<string, string> }) => {
    const exchange = exchanges.getStore();
    if (exchange === undefined) throw new Error('a request outside of any exchange');
    exchange.begin();
    exchange.answer = await http.get(url, { headers: params.headers, signal: exchange.signal });
    const failure = failureOf(exchange.answer, url);
    if (failure !== undefined) throw failure;
    const { status, body } = exchange.answer;
    return { status, statusText: 'OK', headers: {}, text: () => Promise.resolve(body) };
  };
}

/** Ours as it is; anything else by what had come when it was thrown: a whole 200 that ccxt dislikes is malformed. */
function toMarketDataError(error: unknown, exchange: Exchange): MarketDataError {
  if (error instanceof MarketDataError) return error;
  const { answer } = exchange;
  const unreadable = error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
  const failure = answer !== undefined || unreadable ? 'malformed' : 'network';
  const usedWeight = usedWeightOf(answer?.headers ?? {});
  const message = error instanceof Error ? error.message : String(error);
  return new MarketDataError(failure, message.slice(0, 300), { status: answer?.status ?? 0, usedWeight, cause: error });
}

/** The filter is on open time, both ends inclusive (measured on USD-M: TQ in FACTS 4.1). */
function paramsOf({ symbol, interval, limit, from, before }: KlinesRequest): Readonly<Record<string, string | number>> {
  return {
    symbol,
    interval,
    limit,
    ...(from !== undefined && { startTime: from }),
    ...(before !== undefined && { endTime: before - 1 }),
  };
}

/**
 * Rows before the span are left out: COIN-M may not anchor at the start. A row after it answers another question,
 * and what else is missing from such an answer nobody knows.
 */
function inSpan(parsed: Parsed<readonly Candle[]>, request: KlinesRequest): Parsed<readonly Candle[]> {
  if (!parsed.ok) return parsed;
  const { from = -Infinity, before = Infinity } = request;
  if ((parsed.value.at(-1)?.timestamp ?? -Infinity) >= before)
    return { ok: false, reason: 'klines: a row past the end' };
  return { ok: true, value: parsed.value.filter((candle) => candle.timestamp >= from) };
}

function closedError(): MarketDataError {
  return new MarketDataError('network', 'the REST client is closed');
}
