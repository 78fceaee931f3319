/** A program that asks what is listed and reads a bit of the past, closes nothing, and has nothing else to do. */
import { lastValueFrom, toArray } from 'rxjs';
import { createFeed, type FeedOptions } from 'rx-candles';

const { options } = JSON.parse(process.argv[2] ?? '{}') as { options: FeedOptions };
const feed = createFeed(options);
const symbols = await feed.symbols();
console.log(JSON.stringify({ symbols: symbols.map(({ symbol }) => symbol) }));
const to = Date.now();
const candles = await lastValueFrom(feed.history$('BTCUSDT', '1m', { from: to - 600_000, to }).pipe(toArray()));
console.log(JSON.stringify({ candles: candles.length }));
console.log(JSON.stringify({ symbols: (await feed.symbols()).length }));
