/** A program on the default feed: two series, an unknown symbol, all left; then the same anew. Ends by itself. */
import { inspect } from 'node:util';
import { closedCandles$, loadConfig, type Candle } from 'rx-candles';

const SYMBOLS = ['BTCUSDT', 'ETHUSDT'];

const say = (what: string, more: object = {}): void => console.log(JSON.stringify({ what, ...more }));

function round(left: () => void): void {
  const candles: Candle[] = [];
  const take = (candle: Candle): void => {
    candles.push(candle);
    say('candle', candle);
    const hasTwoOf = (symbol: string): boolean => candles.filter((one) => one.symbol === symbol).length >= 2;
    if (!SYMBOLS.every(hasTwoOf)) return;
    for (const one of series) one.unsubscribe();
    say('left');
    left();
  };
  const series = ['BTCUSDT', 'eth/usdt'].map((symbol) => closedCandles$(symbol, '1s').subscribe(take));
}

closedCandles$('NOSUCHUSDT', '1s').subscribe({
  error: (error: unknown) => say('error', { text: inspect(error, { depth: 9, showHidden: true }) }),
});
say('environment', { key: process.env['BINANCE_API_KEY'] ?? null });
say('settings', { keys: Object.keys(await loadConfig()) });
round(() => setTimeout(() => round(() => undefined), 600));
