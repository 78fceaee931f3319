import { createRequire } from 'node:module';
import { topicOf } from '../lib/series.mjs';

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
function bareSockets({ ws, series }, options, handler) {
  const { WebSocket } = requireOwn('ws');
  for (const batch of batches(series.map(topicOf), PER_CONNECTION)) {
    const socket = new WebSocket(`${ws}/market/stream?streams=`, options);
    socket.on('open', () => socket.send(JSON.stringify({ method: 'SUBSCRIBE', params: batch, id: 1 })));
    socket.on('message', handler);
  }
}

/**
 * Only closes are reported, by symbol, interval, open time and volume; the load server writes the time as the volume.
 * A bare handler reports each frame, to whom wants to know.
 */
export const contenders = {
  /** What a `ws` user can do least. */
  bare: (target, _onClose, onFrame = () => undefined) => bareSockets(target, {}, onFrame),

  'bare, our options': (target) =>
    bareSockets(target, { perMessageDeflate: false, skipUTF8Validation: true }, () => undefined),

  'ws + JSON.parse': (target, onClose) =>
    bareSockets(target, {}, (bytes) => {
      const { k } = JSON.parse(bytes).data ?? {};
      if (k?.x === true) onClose(k.s, k.i, k.t, Number(k.v));
    }),

  /** What a careful user can write in five lines: no promise, no recovery. Its delay is that of a close alone. */
  'ws + flag search': (target, onClose) =>
    bareSockets(target, { perMessageDeflate: false, skipUTF8Validation: true }, (bytes) => {
      if (!bytes.includes('"x":true')) return;
      const { k } = JSON.parse(bytes).data ?? {};
      if (k?.x === true) onClose(k.s, k.i, k.t, Number(k.v));
    }),

  /** `dist`: the entry point of another build. */
  async 'rx-candles'({ ws, rest, venue, series, dist = '../../../dist/index.js' }, onClose) {
    const { createFeed } = await import(dist);
    const feed = createFeed({ venue, endpoints: { stream: `${ws}/market`, rest } });
    for (const { symbol, interval } of series) {
      feed
        .closedCandles$(symbol, interval)
        .subscribe((candle) => onClose(symbol, interval, candle.timestamp, candle.volume));
    }
    return feed;
  },

  /** The same, with its metrics in a register that `scrape` reads. */
  async 'rx-candles, scraped'(target, onClose) {
    const feed = await contenders['rx-candles'](target, onClose);
    const { Registry } = requireOwn('prom-client');
    const { registerMetrics } = await import('../../../dist/metrics/prometheus.js');
    const register = new Registry();
    registerMetrics(feed, register);
    return { ...feed, scrape: () => register.metrics() };
  },

  async binance({ ws, series }, onClose) {
    const { WebsocketClient } = await import('binance');
    const quiet = { trace: () => undefined, info: () => undefined, error: () => undefined };
    const client = new WebsocketClient({ wsUrl: `${ws}/market/stream` }, quiet);
    client.on('message', ({ k }) => {
      if (k?.x === true) onClose(k.s, k.i, k.t, Number(k.v));
    });
    client.on('exception', () => undefined);
    await client.subscribe(series.map(topicOf), 'usdmMarket');
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
