import ccxt from 'ccxt';

const RETRY_MS = 100;

/**
 * `watchOHLCVForSymbols` gives the running candle; which update is the last it does not tell, so that the candle before
 * counts as closed when the next one begins. A dropped connection is an exception, after which one calls again.
 */
export async function watch({ endpoints, symbols }, emit) {
  const exchange = new ccxt.pro.binance({ enableRateLimit: false, options: { fetchMarkets: { types: ['spot'] } } });
  exchange.urls.api.public = `${endpoints.rest}/api/v3`;
  // ccxt takes a URL for the spot market's when it has `/stream` in it; the exchange ignores topics it does not know.
  exchange.urls.api.ws.spot = `${endpoints.stream}/ws/stream`;
  // Plain ws:// needs the agent that ccxt loads for it.
  await exchange.loadHttpProxyAgent();
  await exchange.loadMarkets();
  const ids = new Map(symbols.map((id) => [exchange.safeSymbol(id), id]));
  const running = new Map();
  for (;;) {
    try {
      const news = await exchange.watchOHLCVForSymbols([...ids.keys()].map((symbol) => [symbol, '1s']));
      for (const [symbol, { '1s': candles }] of Object.entries(news))
        for (const candle of candles) take(ids.get(symbol), candle);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  function take(symbol, [timestamp, open, high, low, close, volume]) {
    const before = running.get(symbol);
    if (before !== undefined && timestamp > before.timestamp) emit(before);
    running.set(symbol, { symbol, timestamp, open, high, low, close, volume });
  }
}
