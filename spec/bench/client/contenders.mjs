import { createRequire } from 'node:module';
import { VENUES } from '../lib/venues.mjs';

/** `ws` as the library itself uses it, whatever the peers have brought along. */
const requireOwn = createRequire(new URL('../../../package.json', import.meta.url));

/** Topics on one connection, as the library spreads them. */
const PER_CONNECTION = 200;

function batches(items, size) {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

/** Bare sockets; `handler` sees every frame. */
function bareSockets({ ws, venue, series }, options, handler) {
  const { WebSocket } = requireOwn('ws');
  const { path, topicOf, requests } = VENUES[venue];
  for (const batch of batches(series.map(topicOf), PER_CONNECTION)) {
    const socket = new WebSocket(`${ws}${path}`, options);
    socket.on('open', () => requests(batch).forEach((text) => socket.send(text)));
    socket.on('message', handler);
  }
}

/** What an exchange's client hands on, to the closes in it: symbol, interval, open time, and the volume as it came. */
const READ = {
  binance: ({ data, k = data?.k }, onClose) => {
    if (k?.x === true) onClose(k.s, k.i, k.t, Number(k.v));
  },
  okx: ({ arg, data }, onClose) => {
    for (const row of data ?? []) {
      if (row[8] === '1') onClose(arg.instId, arg.channel.slice('candle'.length), Number(row[0]), Number(row[6]));
    }
  },
  bybit: ({ topic, data }, onClose) => {
    if (topic === undefined) return;
    for (const { start, interval, volume, confirm } of data) {
      if (confirm) onClose(topic.split('.')[2], `${interval}m`, start, Number(volume));
    }
  },
  gate: ({ event, result }, onClose) => {
    if (event !== 'update' || result.w !== true) return;
    const { symbol, interval } = VENUES['gate-spot'].namesOf(result.n);
    onClose(symbol, interval, Number(result.t) * 1000, Number(result.a));
  },
};

const readerOf = (venue) => READ[venue.split('-')[0]];
/** What no frame without a close has in it. */
const CLOSE_FLAGS = { binance: '"x":true', okx: '"1"]]}', bybit: '"confirm":true', gate: '"w":true' };

const QUIET = { trace: () => undefined, info: () => undefined, error: () => undefined };

/**
 * Only closes are reported, by symbol, interval, open time and volume; the load server writes the time as the volume.
 * A bare handler reports each frame, to whom wants to know.
 */
export const contenders = {
  /** What a `ws` user can do least. */
  bare: (target, _onClose, onFrame = () => undefined) => bareSockets(target, {}, onFrame),

  'bare, our options': (target) =>
    bareSockets(target, { perMessageDeflate: false, skipUTF8Validation: true }, () => undefined),

  'ws + JSON.parse': (target, onClose) => {
    const read = readerOf(target.venue);
    bareSockets(target, {}, (bytes) => read(JSON.parse(bytes), onClose));
  },

  /** What a careful user can write in five lines: no promise, no recovery. Its delay is that of a close alone. */
  'ws + flag search': (target, onClose) => {
    const read = readerOf(target.venue);
    const flag = CLOSE_FLAGS[target.venue.split('-')[0]];
    bareSockets(target, { perMessageDeflate: false, skipUTF8Validation: true }, (bytes) => {
      if (bytes.includes(flag)) read(JSON.parse(bytes), onClose);
    });
  },

  /** `dist`: the entry point of another build. */
  async 'rx-candles'({ ws, rest, venue, series, dist = '../../../dist/index.js' }, onClose) {
    const { createFeed } = await import(dist);
    const feed = createFeed({ venue, endpoints: { stream: `${ws}${VENUES[venue].endpoint}`, rest } });
    for (const { symbol, interval } of series) {
      feed
        .closedCandles$(symbol, interval)
        .subscribe((candle) => onClose(symbol, interval, candle.timestamp, candle.volume));
    }
    return feed;
  },

  /** The same, with metrics that `meter` turns on and off; `read` reads a register that stays. */
  async 'rx-candles, metered'(target, onClose) {
    const feed = await contenders['rx-candles'](target, onClose);
    const { Registry } = requireOwn('prom-client');
    const { registerMetrics } = await import('../../../dist/metrics/prometheus.js');
    const [switched, kept] = [new Registry(), new Registry()];
    let registered;
    // Whether it is turned on or off, the same has been done before, and left the same behind.
    const meter = (isOn) => {
      registered?.unsubscribe();
      registered = registerMetrics(feed, switched);
      if (!isOn) registered.unsubscribe();
    };
    const read = () => {
      if (kept.getMetricsAsArray().length === 0) registerMetrics(feed, kept);
      return kept.metrics();
    };
    return { meter, read };
  },

  async binance({ ws, series }, onClose) {
    const { WebsocketClient } = await import('binance');
    const client = new WebsocketClient({ wsUrl: `${ws}/market/stream` }, QUIET);
    client.on('message', ({ k }) => {
      if (k?.x === true) onClose(k.s, k.i, k.t, Number(k.v));
    });
    client.on('exception', () => undefined);
    await client.subscribe(series.map(VENUES['binance-usdm'].topicOf), 'usdmMarket');
  },

  async 'okx-api'({ ws, venue, series }, onClose) {
    const { WebsocketClient } = await import('okx-api');
    const client = new WebsocketClient({ wsUrl: `${ws}${VENUES[venue].path}` }, QUIET);
    client.on('update', (message) => READ.okx(message, onClose));
    client.on('exception', () => undefined);
    await client.subscribe(series.map(({ symbol, interval }) => ({ channel: `candle${interval}`, instId: symbol })));
  },

  async 'bybit-api'({ ws, venue, series }, onClose) {
    const { WebsocketClient } = await import('bybit-api');
    const { path, topicOf } = VENUES[venue];
    const client = new WebsocketClient({ market: 'v5', wsUrl: `${ws}${path}` }, QUIET);
    client.on('update', (message) => READ.bybit(message, onClose));
    client.on('exception', () => undefined);
    await client.subscribeV5(series.map(topicOf), venue.slice('bybit-'.length));
  },

  async ccxt({ ws, rest, series }, onClose) {
    const { default: ccxt } = await import('ccxt');
    const exchange = new ccxt.pro.binance({
      options: { defaultType: 'swap', fetchMarkets: { types: ['linear'] }, fetchCurrencies: false },
    });
    exchange.urls.api.ws.future = `${ws}/ws`;
    exchange.urls.api.fapiPublic = `${rest}/fapi/v1`;
    await exchange.loadHttpProxyAgent();
    await exchange.loadMarkets();
    const wanted = series.map(({ symbol, interval }) => [`${symbol.slice(0, -4)}/USDT:USDT`, interval]);
    void watchForever(() => exchange.watchOHLCVForSymbols(wanted), onClose);
  },

  async official({ ws, series }, onClose) {
    const { DerivativesTradingUsdsFutures } = await import('@binance/derivatives-trading-usds-futures');
    const client = new DerivativesTradingUsdsFutures({ configurationWebsocketStreams: { wsURL: ws } });
    const connection = await client.websocketStreams.connect();
    for (const { symbol, interval } of series) {
      connection.klineCandlestickStreams({ symbol: symbol.toLowerCase(), interval }).on('message', ({ k }) => {
        if (k.x === true) onClose(k.s, k.i, Number(k.t), Number(k.v));
      });
    }
  },

  async 'node-binance-api'({ ws, series }, onClose) {
    const { default: Binance } = await import('node-binance-api');
    const binance = new Binance({ urls: { fstream: `${ws}/market/stream?streams=` } });
    binance.getFStreamUrl = () => `${ws}/market/stream?streams=`;
    binance.futuresCandlesticksStream(
      series.map(({ symbol }) => symbol),
      series[0].interval,
      ({ k }) => {
        if (k.x === true) onClose(k.s, k.i, Number(k.t), Number(k.v));
      },
    );
  },

  async 'tardis-dev'({ series }, onClose) {
    const { default: tardis } = await import('tardis-dev');
    const filters = [
      { channel: `kline_${series[0].interval}`, symbols: series.map(({ symbol }) => symbol.toLowerCase()) },
    ];
    const messages = tardis.stream({ exchange: 'binance-futures', filters, timeoutIntervalMS: 60_000 });
    void (async () => {
      for await (const { message } of messages) {
        const k = message.data?.k;
        if (k?.x === true) onClose(k.s, k.i, k.t, Number(k.v));
      }
    })();
  },
};

/** ccxt does not pass `x` on; a volume that is a time tells the close. It conflates: closes are repeated and lost. */
async function watchForever(watch, onClose) {
  const seen = new Set();
  for (;;) {
    for (const [symbol, frames] of Object.entries(await watch())) {
      for (const [interval, candles] of Object.entries(frames)) {
        for (const [openTime, , , , , volume] of candles) {
          if (volume < 1e6 || seen.has(volume)) continue;
          seen.add(volume);
          onClose(symbol, interval, openTime, volume);
        }
      }
    }
  }
}
