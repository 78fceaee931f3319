import { lastValueFrom, toArray } from 'rxjs';
import { openStore, replay$ } from 'rx-candles/store';
import { trades$ } from './strategy.ts';

const store = await openStore('candles.db', { readOnly: true });
const series = { venue: 'binance-spot', symbol: 'BTCUSDT', interval: '1m' } as const;

/** The past at once. Live it is `trades$(closedCandles$('BTCUSDT', '1m'))`. */
const trades = await lastValueFrom(trades$(replay$(store, series)).pipe(toArray()));
console.log(trades.map(({ side, timestamp, price }) => `${timestamp} ${side} ${price}`).join('\n'));
await store.close();
