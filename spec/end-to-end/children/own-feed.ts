/** A program on a feed of its own that lives through whatever happens, closes it, and tells what is left. */
import { createFeed, type Candle, type FeedOptions } from 'rx-candles';

const { count, options } = JSON.parse(process.argv[2] ?? '{}') as { count: number; options: FeedOptions };
const feed = createFeed(options);
const candles: Candle[] = [];

feed.bus.events$.subscribe((event) => console.log(JSON.stringify(event)));
feed.closedCandles$('ETHUSDT', '1s', { history: 20 }).subscribe();
feed.closedCandles$('NOSUCHUSDT', '1s').subscribe({ error: () => undefined });
feed.closedCandles$('BTCUSDT', '1s').subscribe({
  next: (candle) => {
    candles.push(candle);
    console.log(JSON.stringify({ type: 'heard', candle }));
    if (candles.length === count) void leave();
  },
  error: (error: unknown) => console.log(JSON.stringify({ type: 'error', text: String(error) })),
});

async function leave(): Promise<void> {
  await feed.close();
  const left = process.getActiveResourcesInfo().filter((kind) => !/^(Pipe|TTY|File)/.test(kind));
  console.log(JSON.stringify({ type: 'closed', left }));
}
