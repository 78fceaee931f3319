import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Candle } from '../../../src/core/candle.ts';
import { nextOpenTime, openTimeAt, type Interval } from '../../../src/core/interval.ts';
import type { Endpoints } from '../../../src/ports/endpoints.ts';
import { toyCandle, type ToyRow } from './row.ts';

/** Candles there are, in ms before the start. */
const AGE_MS = 3_600_000;
/** How long after its boundary a close is sent, ms. */
const CLOSE_DELAY_MS = 30;
const MARKETS = [
  ['BTC-USD', 'live'],
  ['ETH-USD', 'live'],
  ['OFF-USD', 'live'],
] as const;
/** Listed, and refused by the stream. */
const NOT_STREAMED = 'OFF-USD';

/** The toy venue on 127.0.0.1, in real time. */
export class ToyServer implements AsyncDisposable {
  /** Every topic that was asked for, in order; pings; connections so far. */
  readonly asked: string[] = [];
  readonly paths: string[] = [];
  pings = 0;
  connections = 0;
  /** Answers to the next requests over REST, with HTTP 200. */
  readonly refusals: unknown[] = [];
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #topics = new Map<WebSocket, Set<string>>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #since = Date.now() - AGE_MS;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request, response);
    });
    this.#server.on('upgrade', (request, socket, head) => {
      this.#sockets.handleUpgrade(request, socket, head, (client) => {
        this.#serve(client);
      });
    });
  }

  static async start(): Promise<ToyServer> {
    const toy = new ToyServer();
    await new Promise<void>((resolve) => toy.#server.listen(0, '127.0.0.1', resolve));
    toy.#push('1s');
    return toy;
  }

  get endpoints(): Endpoints {
    const { port } = this.#server.address() as AddressInfo;
    return { stream: `ws://127.0.0.1:${String(port)}`, rest: `http://127.0.0.1:${String(port)}` };
  }

  now(): number {
    return Date.now();
  }

  /** Cuts every connection, with no word of farewell. */
  drop(): void {
    for (const client of this.#topics.keys()) client.terminate();
  }

  candleAt(symbol: string, interval: Interval, openTime: number): Candle | undefined {
    const read = toyCandle(rowAt(openTime, 1), { symbol, interval, source: 'stream' });
    return typeof read === 'string' ? undefined : read.candle;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.drop();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(client: WebSocket): void {
    this.connections++;
    const topics = new Set<string>();
    this.#topics.set(client, topics);
    client.on('close', () => this.#topics.delete(client));
    client.on('message', (data: Buffer) => {
      const text = data.toString();
      if (text === 'ping') this.pings++;
      for (const answer of text === 'ping' ? ['pong'] : this.#acknowledge(text, topics)) client.send(answer);
    });
  }

  #acknowledge(text: string, topics: Set<string>): readonly string[] {
    const [verb, id, names] = JSON.parse(text) as [string, string, string[]];
    this.asked.push(...names);
    for (const name of names) {
      if (verb === 'unsub') topics.delete(name);
      else if (!name.startsWith(NOT_STREAMED)) topics.add(name);
    }
    return names.map((name) =>
      JSON.stringify(name.startsWith(NOT_STREAMED) ? ['no', id, name, 'not streamed'] : ['ok', id, name]),
    );
  }

  /** The close and what follows it, in one frame. */
  #push(interval: Interval): void {
    const opens = nextOpenTime(openTimeAt(this.now(), interval), interval);
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        const closed = openTimeAt(opens - 1, interval);
        for (const [client, topics] of this.#topics)
          for (const topic of topics) {
            const [symbol, of] = topic.split('/');
            const rows = [rowAt(closed, 1), rowAt(opens, 0)];
            if (of === interval) client.send(JSON.stringify(['c', symbol, interval, rows]));
          }
        this.#push(interval);
      },
      opens + CLOSE_DELAY_MS - this.now(),
    );
    this.#timers.add(timer);
  }

  #answer({ url = '' }: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(url, this.endpoints.rest);
    this.paths.push(pathname);
    const refusal = this.refusals.shift();
    const body = refusal ?? this.#bodyOf(pathname, searchParams);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  #bodyOf(path: string, query: URLSearchParams): unknown {
    if (path === '/v1/time') return { ok: true, data: this.now() };
    if (path === '/v1/candles') return { ok: true, data: this.#rows(query) };
    const page = Number(query.get('page'));
    return { ok: true, data: [MARKETS[page - 1]], ...(page < MARKETS.length && { next: String(page + 1) }) };
  }

  #rows(query: URLSearchParams): readonly ToyRow[] {
    const interval = query.get('interval') as Interval;
    const number = (name: string, otherwise: number) => Number(query.get(name) ?? otherwise);
    const [after, before] = [Math.max(number('after', 0), this.#since), number('before', Infinity)];
    const rows: ToyRow[] = [];
    const now = this.now();
    let opens = openTimeAt(Math.min(before - 1, now), interval);
    for (; opens > after && rows.length < number('limit', 100); opens = openTimeAt(opens - 1, interval))
      rows.push(rowAt(opens, nextOpenTime(opens, interval) <= now ? 1 : 0));
    return rows;
  }
}

/** What a candle is or will be, told by its open time alone; while it runs half of its volume is there. */
function rowAt(openTime: number, final: 0 | 1): ToyRow {
  const step = (openTime / 1000) % 97;
  const [open, close] = [100 + step, 100 + ((step * 7) % 97)];
  const [high, low] = [Math.max(open, close) + 1, Math.min(open, close) - 0.5];
  const volume = 10 + step;
  return [openTime, String(open), String(high), String(low), String(close), String(final ? volume : volume / 2), final];
}
