/// <reference lib="esnext.disposable" preserve="true" />
import type { AddressInfo, Socket } from 'node:net';
import { makeCandle, unusableBecause, type Candle, type EpochMs, type VenueId } from '../core/candle.ts';
import { nextOpenTime, type Interval } from '../core/interval.ts';
import type { Endpoints } from '../ports/endpoints.ts';
import { ExchangeClock } from './market/clock.ts';
import { Faults } from './faults/faults.ts';
import { LOOPBACK, httpServer, originAt, type HttpServer } from './server/http-server.ts';
import type { FakeExchangeOptions } from './options.ts';
import { createRandom } from './market/random.ts';
import { playFrames, type PlayOptions, type PlayedFrame } from './server/play-frames.ts';
import { RestServer } from './server/rest.ts';
import { Stats } from './server/stats.ts';
import { StreamServer } from './server/stream-server.ts';
import { venuesOf } from './server/venues.ts';
import type { Kline } from './market/kline.ts';
import type { SymbolState } from './market/symbols.ts';
import { finalKline, type VenueState, type ExchangeState } from './server/exchange-state.ts';

/** Names one series of the exchange. */
export interface SeriesName {
  /** Default the first that the exchange speaks: `binance-usdm`. */
  readonly venue?: VenueId | undefined;
  readonly symbol: string;
  readonly interval: Interval;
}

/** A fake exchange on this machine's loopback that speaks the dialects of real ones, stream and REST, on one port. */
export class FakeExchange {
  /** What can be made to go wrong. */
  readonly faults: Faults;
  /** What the exchange has seen so far; live. */
  readonly stats: Stats;
  /** The exchange's clock: `now()`, `jump(ms)`, `setDrift(ppm)`. */
  readonly clock: ExchangeClock;
  /** @internal */
  readonly state: ExchangeState;
  private readonly server: HttpServer;
  private readonly streams: StreamServer;
  private readonly rest: RestServer;
  private port = 0;
  private closed = false;
  private reopening: NodeJS.Timeout | undefined;

  /** @internal Use `startFakeExchange`. */
  constructor(options: FakeExchangeOptions) {
    const random = createRandom(options.seed ?? 1);
    this.clock = new ExchangeClock(options.startAt ?? Date.now() + (options.clockOffsetMs ?? 0), options.driftPpm);
    this.stats = new Stats();
    this.faults = new Faults(this.targets(), random);
    const venues = venuesOf(options, this.clock.now());
    this.state = { options, clock: this.clock, random, venues, stats: this.stats, faults: this.faults };
    this.server = httpServer(options, (request, response) => {
      this.rest.handle(request, response);
    });
    this.server.on('connection', ({ remoteAddress = '' }: Socket) => this.stats.peers.add(remoteAddress));
    this.streams = new StreamServer(this.state, this.server);
    this.rest = new RestServer(this.state);
  }

  /** Ready for `FeedOptions.endpoints` of a market. */
  endpoints(venue?: VenueId): Endpoints {
    const { stream, rest } = this.venueOf(venue).dialect.paths;
    const origin = originAt(this.port, this.state.options);
    return { stream: `ws${origin}${stream}`, rest: `http${origin}${rest}` };
  }

  /** The candle lengths of a market, shortest first. */
  intervals(venue?: VenueId): readonly Interval[] {
    return this.venueOf(venue).dialect.rules.intervals;
  }

  /** The exchange's time, ms UTC. */
  now(): EpochMs {
    return this.clock.now();
  }

  /** Open time of the candle of a series that is running now. */
  openTimeNow(series: SeriesName): EpochMs {
    return this.symbolOf(series).openTimeAt(this.now(), series.interval);
  }

  /** The truth: the candle with its final values (known before it closes), `source: 'stream'`. Undefined where the exchange has none. */
  candleAt(series: SeriesName, openTime: EpochMs): Candle | undefined {
    const kline = finalKline(this.state, { symbol: this.symbolOf(series), interval: series.interval, openTime });
    const candle = kline === undefined ? undefined : this.candleOf(series, kline);
    return candle === undefined || unusableBecause(candle) !== undefined ? undefined : candle;
  }

  /** The truth: all final candles with open times in [from, before), holes left out. */
  candles(series: SeriesName, from: EpochMs, before: EpochMs): Candle[] {
    const found: Candle[] = [];
    const symbol = this.symbolOf(series);
    let openTime = symbol.openTimeAt(from, series.interval);
    if (openTime < from) openTime = nextOpenTime(openTime, series.interval);
    for (; openTime < before; openTime = nextOpenTime(openTime, series.interval)) {
      const candle = this.candleAt(series, openTime);
      if (candle !== undefined) found.push(candle);
    }
    return found;
  }

  /**
   * Sends frames as they are, once a connection has subscribed to something. For recordings: start the exchange with
   * `publish: false`, `startAt` the recording's time and the recording's symbols. A frame with `at` moves the
   * exchange's clock on to that time first. Rejects when nobody subscribes within `withinMs`.
   */
  async playFrames(frames: readonly PlayedFrame[], options: PlayOptions = {}): Promise<void> {
    await playFrames(frames, { clock: this.clock, streams: this.streams, stream: this.faults.stream }, options);
  }

  /** Cuts every connection, frees the port and every timer. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    clearTimeout(this.reopening);
    this.faults.clear();
    this.streams.stop();
    this.rest.stop();
    this.clock.stop();
    this.server.closeAllConnections();
    if (this.server.listening) await new Promise((resolve) => this.server.close(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** @internal */
  async listen(): Promise<void> {
    const { port = 0, host = LOOPBACK } = this.state.options;
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.port === 0 ? port : this.port, host, () => {
        this.server.off('error', reject);
        resolve();
      });
    });
    this.port = (this.server.address() as AddressInfo).port;
  }

  private targets(): ConstructorParameters<typeof Faults>[0] {
    return {
      select: (which) => this.streams.select(which),
      refuseTcp: (forMs) => {
        this.server.close();
        clearTimeout(this.reopening);
        this.reopening = setTimeout(() => {
          if (!this.closed) void this.listen();
        }, forMs);
      },
      onStatus: ({ venue, symbol, status, flatAfterEnd }) => {
        const state = this.symbolOf({ venue, symbol });
        state.flatAfterEnd = flatAfterEnd ?? state.flatAfterEnd;
        state.setStatus(status, this.now());
      },
    };
  }

  private candleOf({ venue, symbol, interval }: SeriesName, kline: Kline): Candle {
    const { dialect } = this.venueOf(venue);
    const { id } = dialect.rules;
    return makeCandle({ ...dialect.candleOf(kline, interval), venue: id, symbol, interval, source: 'stream' });
  }

  private symbolOf({ venue, symbol }: Omit<SeriesName, 'interval'>): SymbolState {
    const { dialect, symbols } = this.venueOf(venue);
    const found = symbols.get(symbol);
    if (found === undefined) throw new RangeError(`the fake exchange has no symbol ${symbol} on ${dialect.rules.id}`);
    return found;
  }

  private venueOf(venue: VenueId | undefined): VenueState {
    const [first] = this.state.venues.values();
    const found = venue === undefined ? first : this.state.venues.get(venue);
    if (found === undefined) throw new RangeError(`the fake exchange does not speak for ${String(venue)}`);
    return found;
  }
}

/**
 * Starts a fake exchange on a free port of 127.0.0.1. Close it with `close()` or `await using`.
 *
 * @throws RangeError for a venue that it does not speak for
 */
export async function startFakeExchange(options: FakeExchangeOptions = {}): Promise<FakeExchange> {
  const exchange = new FakeExchange(options);
  await exchange.listen();
  return exchange;
}
