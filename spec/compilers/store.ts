/** A user's reader of a store, which has the types of Node beside it. */
import { openStore, type CandleStore } from 'rx-candles/store';

export async function main(): Promise<number> {
  const store: CandleStore = await openStore('candles.db', { maxBytes: undefined });
  await using closed = store;
  let candles = 0;
  const series = { venue: 'binance-spot', symbol: 'BTCUSDT', interval: '1m' } as const;
  for await (const { close } of closed.read(series)) candles += Number(close > 0);
  return candles;
}
