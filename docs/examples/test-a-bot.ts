import { deepEqual } from 'node:assert/strict';
import { firstValueFrom, from, take, toArray } from 'rxjs';
import { createFeed } from 'rx-candles';
import { startFakeExchange } from 'rx-candles/testing';
import { trades$ } from './strategy.ts';

const series = { venue: 'binance-spot', symbol: 'BTCUSDT', interval: '1m' } as const;

/** Two seconds before noon. The close of the minute that ends then is lost on the stream. */
const exchange = await startFakeExchange({ seed: 7, startAt: Date.UTC(2026, 0, 5, 11, 59, 58) });
const feed = createFeed({ venue: series.venue, endpoints: exchange.endpoints(series.venue) });
exchange.faults.stream.loseCloses({ next: 1 });

/** Twelve hours and the minute that closes now: the bot does what it would have done with the exchange's own candles. */
const candles$ = feed.closedCandles$(series.symbol, series.interval, { history: 720 }).pipe(take(721));
const done = await firstValueFrom(trades$(candles$).pipe(toArray()));
const truth = exchange.candles(series, Date.UTC(2026, 0, 4, 23, 59), Date.UTC(2026, 0, 5, 12));
deepEqual(done, await firstValueFrom(trades$(from(truth)).pipe(toArray())));
console.log(`${done.length} trades, all as they should be`);

await feed.close();
await exchange.close();
