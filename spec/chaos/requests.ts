import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';

/** A request that a client had sent already when it was told to wait may still arrive, ms. */
const ON_THE_WAY_MS = 150;

/** REST requests to one address: how many at a time, as the server sees it, and whether the client waits when told to. */
export class RequestWatch {
  mostInFlight = 0;
  /** Answers that told the client to wait. */
  told = 0;
  /** Requests that came while the client had been told to wait. */
  readonly impatient: string[] = [];
  readonly #host: string;
  #inFlight = 0;
  #wait = { from: Infinity, before: 0 };

  constructor(restUrl: string) {
    this.#host = new URL(restUrl).host;
    subscribe('http.server.request.start', this.#onStart);
    subscribe('http.client.response.finish', this.#onAnswer);
  }

  stop(): void {
    unsubscribe('http.server.request.start', this.#onStart);
    unsubscribe('http.client.response.finish', this.#onAnswer);
  }

  readonly #onStart = (message: unknown): void => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    if (request.headers.host !== this.#host) return;
    this.#inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.#inFlight);
    response.once('close', () => (this.#inFlight -= 1));
    const now = performance.now();
    if (now > this.#wait.from && now < this.#wait.before)
      this.impatient.push(`${String(request.url)} came ${Math.round(this.#wait.before - now)} ms too early`);
  };

  readonly #onAnswer = (message: unknown): void => {
    const { request, response } = message as { request: ClientRequest; response: IncomingMessage };
    const seconds = Number(response.headers['retry-after'] ?? 0);
    if (request.getHeader('host') !== this.#host || seconds === 0) return;
    this.told += 1;
    const now = performance.now();
    this.#wait = {
      from: now + ON_THE_WAY_MS,
      before: Math.max(this.#wait.before, now + 1000 * seconds - ON_THE_WAY_MS),
    };
  };
}
