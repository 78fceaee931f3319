/** What one import of a user's program brings in, used as `exactOptionalPropertyTypes` allows. */
import { closedCandles$, createFeed, resample, type Candle, type FeedOptions } from 'rx-candles';

const options: FeedOptions = { testnet: undefined, endpoints: { stream: undefined } };
export const closes: number[] = [];

export async function main(): Promise<void> {
  const feed = createFeed(options);
  const candles$ = feed.closedCandles$('BTCUSDT', '1m', { since: undefined }).pipe(resample('5m'));
  candles$.subscribe((candle: Candle) => closes.push(candle.close));
  closedCandles$('BTCUSDT', '1m').subscribe();
  await feed.close();
}
