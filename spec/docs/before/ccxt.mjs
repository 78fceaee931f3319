import ccxt from 'ccxt';

const exchange = new ccxt.pro.binanceusdm();
let last;

for (;;) {
  try {
    const candles = await exchange.watchOHLCV('BTC/USDT:USDT', '1m');
    for (const candle of candles) {
      // The newest one is still running: it has closed when another has begun.
      if (last && candle[0] > last[0]) console.log(last);
      last = candle;
    }
  } catch (error) {
    console.error(error);
  }
}
