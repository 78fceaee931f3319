import { WebSocket } from 'ws';
import type { FakeExchange } from '../../src/testing/index.ts';
import type { VenueId } from '../../src/core/candle.ts';

/** What a spec reads of a message. */
export interface Message {
  readonly stream?: string;
  readonly data?: KlineMessage;
  readonly result?: unknown;
  readonly id?: unknown;
  readonly error?: { readonly code: number; readonly msg: string };
  readonly [key: string]: unknown;
}

export interface KlineMessage {
  readonly e: string;
  readonly E: number;
  readonly s: string;
  readonly k: Readonly<Record<'t' | 'T' | 'f' | 'L' | 'n', number>> &
    Readonly<Record<'o' | 'h' | 'l' | 'c' | 'v' | 'q' | 'V' | 'Q', string>> & {
      readonly x: boolean;
      readonly i: string;
    };
}

/** A plain WebSocket client that keeps what it hears, for specs of the fake exchange. */
export class FakeClient {
  readonly texts: string[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  readonly ws: WebSocket;
  pings = 0;
  pongs = 0;

  constructor(ws: WebSocket) {
    this.ws = ws;
    this.closed = new Promise((resolve) => {
      ws.on('close', (code, reason) => {
        resolve({ code, reason: reason.toString() });
      });
    });
    ws.on('error', () => undefined);
    ws.on('message', (data: Buffer) => this.texts.push(data.toString('utf8')));
    ws.on('ping', () => this.pings++);
    ws.on('pong', () => this.pongs++);
  }

  get messages(): readonly Message[] {
    return this.texts.map((text) => JSON.parse(text) as Message);
  }

  /** What has been said beside pongs in words. */
  get messagesInJson(): readonly Message[] {
    return this.texts.filter((text) => text !== 'pong').map((text) => JSON.parse(text) as Message);
  }

  /** Closed klines heard so far, in the order heard. */
  get closes(): readonly KlineMessage[] {
    return this.messages.flatMap(({ data }) => (data?.e === 'kline' && data.k.x ? [data] : []));
  }

  send(method: string, params?: readonly unknown[], id: unknown = 1): void {
    this.ws.send(JSON.stringify({ method, params, id }));
  }
}

/** A client whose handshake is done. */
export async function connect(
  exchange: FakeExchange,
  path = '/stream',
  venue: VenueId = 'binance-spot',
): Promise<FakeClient> {
  return open(exchange.endpoints(venue).stream + path);
}

/** A client on any URL; rejects with the HTTP status where the handshake is refused. */
export async function open(url: string): Promise<FakeClient> {
  const ws = new WebSocket(url, { perMessageDeflate: false });
  const client = new FakeClient(ws);
  await new Promise<void>((resolve, reject) => {
    ws.on('open', resolve);
    ws.on('error', reject);
    ws.on('unexpected-response', (_request, response) => {
      reject(new Error(`HTTP ${String(response.statusCode)} ${response.headers['retry-after'] ?? ''}`.trim()));
    });
  });
  return client;
}

export interface RestReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
}

export async function get(exchange: FakeExchange, path: string, signal?: AbortSignal): Promise<RestReply> {
  // A connection for each request: one that is kept may be closed by the other side just when it is used again.
  const headers = { connection: 'close' };
  const response = await fetch(exchange.endpoints().rest + path, { headers, signal: signal ?? null });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export type RestRow = readonly [
  number,
  string,
  string,
  string,
  string,
  string,
  number,
  string,
  number,
  string,
  string,
  string,
];

/** The rows of a klines request. */
export async function rows(exchange: FakeExchange, path: string): Promise<readonly RestRow[]> {
  const { status, json, text } = await get(exchange, path);
  if (status !== 200) throw new Error(`HTTP ${String(status)}: ${text}`);
  return json as readonly RestRow[];
}
