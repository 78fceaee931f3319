import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** A request that a client had sent already when it was told to wait may still arrive, ms. */
const ON_THE_WAY_MS = 150;

/** REST requests as the server of one port sees them. */
export class RequestWatch {
  mostInFlight = 0;
  /** Requests that came while the client had been told to wait. */
  readonly impatient: string[] = [];
  readonly #host: string;
  #inFlight = 0;
  #wait = { from: Infinity, before: 0 };

  constructor(restUrl: string) {
    this.#host = new URL(restUrl).host;
    subscribe('http.server.request.start', this.#onStart);
  }

  stop(): void {
    unsubscribe('http.server.request.start', this.#onStart);
  }

  readonly #onStart = (message: unknown): void => {
    const { request, response } = message as Exchange;
    if (request.headers.host !== this.#host) return;
    this.#inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.#inFlight);
    const now = performance.now();
    if (now > this.#wait.from && now < this.#wait.before)
      this.impatient.push(`${String(request.url)} came ${String(Math.round(this.#wait.before - now))} ms too early`);
    response.once('close', () => {
      this.#inFlight -= 1;
      this.#learn(response);
    });
  };

  #learn(response: ServerResponse): void {
    const seconds = Number(response.getHeader('Retry-After') ?? 0);
    if (seconds === 0) return;
    const now = performance.now();
    this.#wait = { from: now + ON_THE_WAY_MS, before: now + 1000 * seconds - ON_THE_WAY_MS };
  }
}
