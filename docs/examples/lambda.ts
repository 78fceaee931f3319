import { lastValueFrom, toArray } from 'rxjs';
import { createFeed, type Candle } from 'rx-candles';

const MINUTE = 60_000;

/** For a schedule: all that closed since the last run, which passes on the newest open time. Nothing stays open. */
export async function handler({ since }: { since: number }): Promise<{ since: number; candles: Candle[] }> {
  const feed = createFeed({ venue: 'binance-spot' });
  try {
    const past$ = feed.history$('BTCUSDT', '1m', { from: since + MINUTE, to: Date.now() });
    const candles = await lastValueFrom(past$.pipe(toArray()));
    return { since: candles.at(-1)?.timestamp ?? since, candles };
  } finally {
    await feed.close();
  }
}
