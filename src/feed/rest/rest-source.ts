import { EMPTY, expand, map, reduce, tap, type Observable } from 'rxjs';
import type { EpochMs } from '../../core/candle.ts';
import { SHORTEST_LENGTH_MS } from '../../core/interval.ts';
import type { RestProtocol, RestRequest, Row, SymbolPage } from '../../ports/connector.ts';
import type { HttpAnswer, HttpClient } from '../../ports/http-client.ts';
import { MarketDataError, type MarketData, type Reply } from '../../ports/market-data.ts';
import type { SymbolInfo } from '../../ports/symbol-info.ts';
import type { RateLimits } from './rate-limits.ts';
import { RequestCounter } from './request-counter.ts';
import type { Answered, RequestQueue } from './request-queue.ts';

export interface RestSourceOptions {
  readonly protocol: RestProtocol;
  /** What the paths of the protocol are appended to: scheme, host, and the path of a reverse proxy. */
  readonly url: string;
  readonly http: HttpClient;
  /** Shared by all feeds that ask this host. */
  readonly queue: RequestQueue;
  readonly limits: RateLimits;
  readonly exchangeNow: () => EpochMs;
}

const TIME_FIRST = 0;
const SYMBOLS_NEXT = 1;

/** A venue's REST interface: requests as the protocol builds them, sent in their turn, read as the protocol reads them. */
export function restSource(options: RestSourceOptions): MarketData {
  const { protocol, queue, limits, http, exchangeNow } = options;
  const url = options.url.replace(/\/+$/, '');
  const counter = new RequestCounter(queue, limits);

  function ask$<T>(request: RestRequest<T>, priority: number): Observable<Reply<T>> {
    const send$ = () => http.get$(urlOf(url, request)).pipe(map((answer) => readAnswer(answer, request, protocol)));
    return queue.request$({ limits, cost: request.cost, priority, send$ }).pipe(counter.count());
  }

  function symbolPage$(cursor: string | undefined, priority: number): Observable<Reply<SymbolPage>> {
    return ask$(protocol.symbols(cursor), priority).pipe(tap(({ value }) => limits.learn(value.limits ?? [])));
  }

  return {
    serverTime$: (priority = TIME_FIRST) => ask$(protocol.time(), priority),
    klines$: (request, priority = SHORTEST_LENGTH_MS[request.interval]) =>
      ask$(protocol.candles(request, exchangeNow()), priority).pipe(
        map(({ value: { rows, rejected }, ...times }) => ({
          value: rows.map(({ candle }) => candle),
          rejected,
          final: finalOf(rows),
          ...times,
        })),
      ),
    symbols$: (priority = SYMBOLS_NEXT) =>
      symbolPage$(undefined, priority).pipe(
        expand(({ value: { next } }) => (next === undefined ? EMPTY : symbolPage$(next, priority))),
        reduce(joined),
        map(({ value, ...times }) => ({ value: value.symbols, ...times })),
      ),
    pause: () => http.closeIdle(),
    use: () => counter.status,
  };
}

/** Most venues call no row final. */
function finalOf(rows: readonly Row[]): ReadonlySet<EpochMs> | undefined {
  const final = rows.filter((row) => row.final).map(({ candle }) => candle.timestamp);
  return final.length > 0 ? new Set(final) : undefined;
}

/** Pages of one list, dated by the first. */
function joined(before: Reply<SymbolPage>, { value, receivedAt }: Reply<SymbolPage>): Reply<SymbolPage> {
  const symbols: readonly SymbolInfo[] = [...before.value.symbols, ...value.symbols];
  return { value: { symbols }, sentAt: before.sentAt, receivedAt };
}

/** @param url - scheme, host and path of a reverse proxy, without a slash at its end */
export function urlOf(url: string, { path, query }: RestRequest<unknown>): string {
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return url + path + (pairs.length > 0 ? `?${pairs.join('&')}` : '');
}

/** @throws MarketDataError for everything but a good answer */
export function readAnswer<T>(answer: HttpAnswer, request: RestRequest<T>, protocol: RestProtocol): Answered<T> {
  const body = parseJson(answer.body);
  const failure = protocol.failureOf(answer, body);
  if (failure !== undefined) throw failure;
  const usage = protocol.usageOf(answer);
  const parsed = request.parse(body);
  if (!parsed.ok) throw new MarketDataError('malformed', parsed.reason, { status: answer.status, usage });
  return { value: parsed.value, usage };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
