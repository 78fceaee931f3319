import { EMA, RSI } from 'trading-signals';
import { closedCandles$ } from 'rx-candles';

const ema = new EMA(50);
const rsi = new RSI(14);

/** An EMA of 50 has forgotten all but a thousandth of where it began after 3.5 × 51 candles. */
const WARM_UP = 180;

closedCandles$('BTCUSDT', '5m', { history: WARM_UP }).subscribe(({ timestamp, close, source }) => {
  ema.add(close);
  rsi.add(close);
  if (source === 'history') return;
  console.log(timestamp, ema.getResultOrThrow(), rsi.getResultOrThrow());
});
