import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';

/** What a client needs to read an answer that has come, ms; counted by a timer, which a busy process holds up as well. */
const READING_MS = 20;
/** The wait ends in the client a moment before it does for us, ms. */
const EARLY_MS = 20;

/** REST requests to one address: how many at a time, as the server sees it, and whether the client waits when told to. */
export class RequestWatch {
  mostInFlight = 0;
  /** Answers that told the client to wait. */
  told = 0;
  /** Requests that were sent while the client had been told to wait. */
  readonly impatient: string[] = [];
  readonly #host: string;
  readonly #channels = {
    'http.server.request.start': (message: unknown) => this.#onArrival(message as Arrival),
    'http.client.request.start': (message: unknown) => this.#onSent(message as Sent),
    'http.client.response.finish': (message: unknown) => this.#onAnswer(message as Answered),
  };
  #inFlight = 0;
  #waitEnds = 0;

  constructor(restUrl: string) {
    this.#host = new URL(restUrl).host;
    for (const [channel, listener] of Object.entries(this.#channels)) subscribe(channel, listener);
  }

  stop(): void {
    for (const [channel, listener] of Object.entries(this.#channels)) unsubscribe(channel, listener);
  }

  #onArrival({ request, response }: Arrival): void {
    if (request.headers.host !== this.#host) return;
    this.#inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.#inFlight);
    response.once('close', () => (this.#inFlight -= 1));
  }

  #onSent({ request }: Sent): void {
    const early = this.#waitEnds - EARLY_MS - performance.now();
    if (this.#isRest(request) && early > 0)
      this.impatient.push(`${request.path} sent ${Math.round(early)} ms too early`);
  }

  #onAnswer({ request, response }: Answered): void {
    const seconds = Number(response.headers['retry-after'] ?? 0);
    if (!this.#isRest(request) || seconds === 0) return;
    this.told += 1;
    const waitEnds = performance.now() + 1000 * seconds;
    setTimeout(() => (this.#waitEnds = Math.max(this.#waitEnds, waitEnds)), READING_MS);
  }

  /** A handshake of the stream is none of REST's business. */
  #isRest(request: ClientRequest): boolean {
    return request.getHeader('host') === this.#host && request.getHeader('upgrade') === undefined;
  }
}

interface Arrival {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

interface Sent {
  readonly request: ClientRequest;
}

interface Answered extends Sent {
  readonly response: IncomingMessage;
}
