import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Endpoints } from '../../../src/ports/endpoints.ts';

const MINUTE = 60_000;
/** As many as the real one gives, and no older ones (docs.kraken.com, Get OHLC Data). */
const MOST_ROWS = 720;

export interface KrakenOptions {
  /** What its clock says, ms UTC. */
  readonly startAt: number;
  /** Minutes in which nothing trades: they have no row, and nothing is sent. */
  readonly isQuiet?: (openTime: number) => boolean;
}

interface Traded {
  readonly openTime: number;
  readonly close: number;
  readonly volume: number;
}

/**
 * An exchange of Kraken's shape on 127.0.0.1: no candle is called closed, minutes without trades have no row, only the
 * newest rows can be had, the clock is told in seconds, errors come inside HTTP 200. Forms as ccxt 4.5.84 reads them and
 * as its comments show them; all values are generated.
 */
export class KrakenServer implements AsyncDisposable {
  readonly asked: string[] = [];
  /** Where connections came from. */
  readonly addresses = new Set<string | undefined>();
  readonly subscribed: unknown[] = [];
  /** Errors to answer with, one request each. */
  readonly errors: string[] = [];
  /** HTTP statuses to answer with, one request each. */
  readonly statuses: number[] = [];
  /** Refuses handshakes while it is set. */
  refuses = false;
  readonly #options: KrakenOptions;
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #startedAt = performance.now();
  readonly #pushing: NodeJS.Timeout;

  private constructor(options: KrakenOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => this.#answer(request, response));
    this.#server.on('connection', ({ remoteAddress }) => this.addresses.add(remoteAddress));
    this.#server.on('upgrade', (request, socket, head) => {
      if (this.refuses)
        socket.end('HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
      else this.#sockets.handleUpgrade(request, socket, head, (client) => this.#serve(client));
    });
    this.#pushing = setInterval(() => this.#push(), 100);
  }

  static async start(options: KrakenOptions): Promise<KrakenServer> {
    const kraken = new KrakenServer(options);
    await new Promise<void>((resolve) => kraken.#server.listen(0, '127.0.0.1', resolve));
    return kraken;
  }

  get endpoints(): Endpoints {
    const host = `127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
    return { stream: `ws://${host}`, rest: `http://${host}` };
  }

  get connections(): number {
    return this.#sockets.clients.size;
  }

  now(): number {
    return this.#options.startAt + performance.now() - this.#startedAt;
  }

  /** The truth about a minute that is over; undefined where nothing traded. */
  candleAt(openTime: number, now = Infinity): Traded | undefined {
    if (this.#options.isQuiet?.(openTime) === true || openTime > now) return undefined;
    // What is running has less volume than it will have in the end.
    const share = Math.min(1, (now - openTime) / MINUTE);
    return { openTime, close: 100 + ((openTime / MINUTE) % 50), volume: share < 1 ? 1 : 2 };
  }

  drop(): void {
    for (const client of this.#sockets.clients) client.terminate();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#pushing);
    this.drop();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '', 'http://kraken.test');
    this.asked.push(url.pathname + url.search);
    const status = this.statuses.shift() ?? 200;
    const error = this.errors.shift();
    const result = error === undefined ? this.#resultFor(url) : undefined;
    response.writeHead(status, { 'content-type': 'application/json', date: new Date(this.now()).toUTCString() });
    response.end(status === 200 ? JSON.stringify({ error: error === undefined ? [] : [error], result }) : '{}');
  }

  #resultFor({ pathname, searchParams }: URL): unknown {
    const name = pathname.replace('/0/public/', '');
    if (name === 'Time') return { unixtime: Math.floor(this.now() / 1000) };
    if (name === 'Assets') return { XXBT: assetOf('XBT'), ZUSD: assetOf('USD'), ADA: assetOf('ADA') };
    if (name === 'AssetPairs') return { XXBTZUSD: pairOf('XXBT', 'XBT'), ADAUSD: pairOf('ADA', 'ADA') };
    const since = Number(searchParams.get('since') ?? 0) * 1000;
    const interval = Number(searchParams.get('interval'));
    const rows = this.#rows(interval * MINUTE).filter(([time]) => Number(time) * 1000 > since);
    return { [searchParams.get('pair') ?? '']: rows, last: 0 };
  }

  /** Weeks begin with the epoch's day of the week, a Thursday. */
  #rows(length: number): (number | string)[][] {
    const now = this.now();
    const newest = Math.floor(now / length) * length;
    const times = Array.from({ length: MOST_ROWS }, (_, index) => newest - (MOST_ROWS - 1 - index) * length);
    return times.flatMap((time) => {
      const row = this.candleAt(time, now);
      return row === undefined
        ? []
        : [[time / 1000, '100', '200', '50', String(row.close), '100', String(row.volume), 3]];
    });
  }

  #serve(client: WebSocket): void {
    client.on('message', (bytes: Buffer) => {
      const message = JSON.parse(bytes.toString()) as {
        method: string;
        params?: { channel: string; symbol: string[] };
      };
      if (message.method !== 'subscribe') return;
      this.subscribed.push(message.params);
      client.send(JSON.stringify({ method: 'subscribe', success: true, result: message.params }));
    });
  }

  /** Only where something trades. */
  #push(): void {
    const now = this.now();
    const row = this.candleAt(Math.floor(now / MINUTE) * MINUTE, now);
    if (row === undefined) return;
    const { openTime, close, volume } = row;
    const begin = new Date(openTime).toISOString();
    const data = [{ symbol: 'BTC/USD', open: 100, high: 200, low: 50, close, trades: 3, volume, vwap: 100, interval_begin: begin, interval: 1, timestamp: new Date(openTime + MINUTE).toISOString() }]; // prettier-ignore
    for (const client of this.#sockets.clients) client.send(JSON.stringify({ channel: 'ohlc', type: 'update', timestamp: new Date(now).toISOString(), data })); // prettier-ignore
  }
}

const assetOf = (altname: string) => ({ aclass: 'currency', altname, decimals: 10, display_decimals: 5, status: 'enabled' }); // prettier-ignore

const pairOf = (base: string, name: string) => ({ altname: `${name}USD`, wsname: `${name}/USD`, aclass_base: 'currency', base, aclass_quote: 'currency', quote: 'ZUSD', pair_decimals: 1, lot_decimals: 8, leverage_buy: [], leverage_sell: [], fees: [[0, 0.4]], fees_maker: [[0, 0.25]], ordermin: '0.0001', status: 'online' }); // prettier-ignore
