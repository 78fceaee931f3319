import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

/** An answer read to its end. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface HttpRequest {
  readonly headers: Readonly<Record<string, string>>;
  /** Aborting it ends the request, headers or body, and rejects with its reason. */
  readonly signal: AbortSignal;
}

/** The peer hung up an idle socket at the very moment it was used again; that says nothing of the request. */
export class StaleSocketError extends Error {
  override readonly name = 'StaleSocketError';

  constructor(cause: Error) {
    super(cause.message, { cause });
  }
}

/** GET over sockets of its own, kept for the next request for a little while; idle ones do not keep the process alive. */
export interface HttpClient {
  /**
   * Rejects with the signal's reason, or with the socket's or the decompressor's error.
   * Sends nothing twice: whoever asked may have been told to wait since. Each stale socket leaves the pool, so that
   * asking again ends at a new one.
   */
  get(url: string, request: HttpRequest): Promise<HttpAnswer>;
  /** Destroys every socket. */
  close(): void;
}

const unzip = promisify(gunzip);

/** Well above the largest answer, the symbol list of the spot market; a longer one is not from the exchange. */
const LONGEST_BODY = 64 * 1024 * 1024;

/** An idle socket is kept so long, ms: answers that follow each other share one, and one that nobody needs is soon gone. */
const IDLE_MS = 900;

export function httpClient(origin: string): HttpClient {
  const { request, Agent } = origin.startsWith('https:') ? https : http;
  const agent = new Agent({ keepAlive: true, timeout: IDLE_MS });

  function send(url: string, { headers: own, signal }: HttpRequest): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const fail = (error: Error) => reject(signal.aborted ? (signal.reason as Error) : error);
      const headers = { ...own, 'accept-encoding': 'gzip' };
      const sent = request(url, { method: 'GET', agent, signal, headers }, (response) => {
        readAnswer(response).then(resolve, fail);
      });
      sent.on('error', (error: NodeJS.ErrnoException) => {
        const stale = sent.reusedSocket && error.code === 'ECONNRESET';
        fail(stale ? new StaleSocketError(error) : error);
      });
      sent.end();
    });
  }

  return { get: send, close: () => agent.destroy() };
}

async function readAnswer(response: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LONGEST_BODY) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  const zipped = response.headers['content-encoding'] === 'gzip' && length > 0;
  const body = zipped ? await unzip(bytes, { maxOutputLength: LONGEST_BODY }) : bytes;
  return { status: response.statusCode ?? 0, headers: response.headers, body: body.toString('utf8') };
}
