import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Observable, type Subscriber } from 'rxjs';
import { FeedError } from '../core/errors.ts';
import { answeredAt } from '../core/retry-after.ts';
import type { HttpAnswer, HttpClient } from '../ports/http-client.ts';
import { MarketDataError, type MarketDataFailure } from '../ports/market-data.ts';
import { codeOf, connectionFailure } from './connection-failure.ts';
import type { Route } from './network.ts';
import { tunnelAgent } from './tunnel-agent.ts';

export interface HttpClientOptions extends Partial<Route> {
  /** For one request from the first byte sent to the last byte read, ms. */
  readonly timeoutMs: number;
  /** Sent with every request, besides our own. */
  readonly headers?: Readonly<Record<string, string>>;
}

const unzip = promisify(gunzip);

/** Well above the largest response, the symbol list of the spot market; a longer one is not from the exchange. */
const LONGEST_BODY = 64 * 1024 * 1024;

/**
 * Idle time before TCP keep-alive probes start, ms, then ten of them a second apart (libuv): a
 * dead peer is detected before the socket is reused, and NAT entries stay alive.
 */
const PROBE_AFTER_MS = 10_000;

const HEADERS = { accept: 'application/json', 'accept-encoding': 'gzip', 'user-agent': 'rx-candles' };

/**
 * GET over sockets of its own. Idle ones are kept until `closeIdle` or `close`, or until the peer hangs up; none
 * keeps the process alive. Credentials are never sent.
 *
 * Emits:     the answer, whatever its status, then completes.
 * Errors:    with MarketDataError: `network`, `proxy`, `certificate`, `timeout`, or `malformed` for a body that cannot be read.
 * Time:      one deadline per request, by the machine's timers.
 */
export function httpClient(options: HttpClientOptions): HttpClient {
  return new NodeHttpClient(options);
}

class NodeHttpClient implements HttpClient {
  readonly #options: HttpClientOptions;
  readonly #agents = new Map<string, http.Agent>();
  readonly #running = new Set<Exchange>();
  #closed = false;

  constructor(options: HttpClientOptions) {
    this.#options = options;
  }

  get$(url: string): Observable<HttpAnswer> {
    return new Observable<HttpAnswer>((subscriber) => {
      if (this.#closed) {
        subscriber.error(closedError());
        return;
      }
      const headers = { ...HEADERS, ...this.#options.headers };
      const exchange = new Exchange({ url, headers, agent: this.#agentFor(new URL(url)) }, subscriber);
      this.#running.add(exchange);
      const late = setTimeout(() => this.#timedOut(exchange), this.#options.timeoutMs);
      subscriber.add(() => {
        clearTimeout(late);
        this.#running.delete(exchange);
        exchange.abort();
      });
      exchange.send();
    });
  }

  closeIdle(): void {
    for (const { freeSockets } of this.#agents.values()) {
      for (const socket of Object.values(freeSockets).flat()) socket?.destroy();
    }
  }

  close(): void {
    this.#closed = true;
    for (const exchange of this.#running) exchange.fail(closedError());
    for (const agent of this.#agents.values()) agent.destroy();
  }

  /** Idle sockets may hang for the same reason. */
  #timedOut(exchange: Exchange): void {
    this.closeIdle();
    exchange.fail(new MarketDataError('timeout', `no complete response within ${String(this.#options.timeoutMs)} ms`));
  }

  /** One for each origin: a feed asks one. */
  #agentFor(url: URL): http.Agent {
    const known = this.#agents.get(url.origin);
    if (known !== undefined) return known;
    const { tls, proxy } = this.#options;
    const options = { keepAlive: true, keepAliveMsecs: PROBE_AFTER_MS, ...tls };
    const agent = proxy === undefined ? ownAgent(url, options) : tunnelAgent(url, { proxy, tls }, options);
    this.#agents.set(url.origin, agent);
    return agent;
  }
}

interface Question {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly agent: http.Agent;
}

/** One request and its answer. */
class Exchange {
  readonly #question: Question;
  readonly #subscriber: Subscriber<HttpAnswer>;
  #sent: ClientRequest | undefined;

  constructor(question: Question, subscriber: Subscriber<HttpAnswer>) {
    this.#question = question;
    this.#subscriber = subscriber;
  }

  send(): void {
    const { url, headers, agent } = this.#question;
    const { request } = url.startsWith('https:') ? https : http;
    const sent = request(url, { method: 'GET', agent, headers });
    this.#sent = sent;
    sent.on('response', (response) => this.#read(response));
    sent.on('error', (error: NodeJS.ErrnoException) => {
      // The peer may hang up an idle socket at the very moment it is used again; that says nothing of the request. It is
      // not resent here: a pause may have been imposed since.
      const onStaleSocket = sent.reusedSocket && error.code === 'ECONNRESET';
      this.fail(onStaleSocket ? new MarketDataError('network', error.message, { onStaleSocket, cause: error }) : error);
    });
    sent.end();
  }

  /** Errors once; later causes change nothing. */
  fail(error: unknown): void {
    if (!this.#subscriber.closed) this.#subscriber.error(toMarketDataError(error, this.#question.url));
  }

  /** Frees its socket if it still has one. */
  abort(): void {
    this.#sent?.destroy();
  }

  #read(response: IncomingMessage): void {
    readBody(response).then(
      (body) => {
        this.#sent = undefined;
        const { statusCode: status = 0, headers } = response;
        this.#subscriber.next({ url: this.#question.url, status, headers, body, at: answeredAt(headers, Date.now()) });
        this.#subscriber.complete();
      },
      (error: unknown) => this.fail(error),
    );
  }
}

function ownAgent({ protocol }: URL, options: https.AgentOptions): http.Agent {
  return protocol === 'https:' ? new https.Agent(options) : new http.Agent(options);
}

async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LONGEST_BODY) throw new MarketDataError('malformed', 'the response is too large');
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  const zipped = response.headers['content-encoding'] === 'gzip' && length > 0;
  return (zipped ? await unzip(bytes, { maxOutputLength: LONGEST_BODY }) : bytes).toString('utf8');
}

/** Passes other errors unchanged: they are bugs of ours. */
function toMarketDataError(error: unknown, url: string): unknown {
  if (error instanceof MarketDataError || error instanceof FeedError || !(error instanceof Error)) return error;
  const code = codeOf(error);
  const isBody = code.startsWith('Z_') || code === 'ERR_BUFFER_TOO_LARGE';
  const { kind, message } = connectionFailure(error, url);
  const failure: MarketDataFailure = isBody ? 'malformed' : kind === 'name' ? 'network' : kind;
  return new MarketDataError(failure, message.slice(0, 300), { cause: error });
}

function closedError(): MarketDataError {
  return new MarketDataError('network', 'the REST client is closed');
}
