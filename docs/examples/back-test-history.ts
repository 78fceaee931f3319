import { lastValueFrom, map, pairwise, reduce } from 'rxjs';
import { createFeed } from 'rx-candles';
import { trades$ } from './strategy.ts';

const feed = createFeed({ venue: 'binance-spot' });
const to = Date.now();
const FEE = 0.001;

/** The last day through the strategy that runs live, always in the market, long or short, with the fee of each turn. */
const result = await lastValueFrom(
  trades$(feed.history$('BTCUSDT', '1m', { from: to - 86_400_000, to })).pipe(
    pairwise(),
    map(([entry, exit]) => (exit.price / entry.price - 1) * (entry.side === 'buy' ? 1 : -1) - 2 * FEE),
    reduce((sum, change) => ({ trades: sum.trades + 1, total: sum.total + change }), { trades: 0, total: 0 }),
  ),
);

console.log(`${result.trades} trades, ${(result.total * 100).toFixed(2)} %`);
await feed.close();
