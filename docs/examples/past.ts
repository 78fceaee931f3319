import { createFeed } from 'rx-candles';

const feed = createFeed({ venue: 'binance-usdm' });

const listed = await feed.symbols();
const newest = listed
  .filter(({ status, quote }) => status === 'TRADING' && quote === 'USDT')
  .sort((a, b) => (b.listingTime ?? 0) - (a.listingTime ?? 0))
  .slice(0, 3);

/** The last day of the three newest contracts, hour by hour; each read completes and leaves nothing open. */
for (const { symbol, priceStep } of newest) {
  const span = { from: Date.now() - 86_400_000, to: Date.now() };
  feed.history$(symbol, '1h', span).subscribe({
    next: (candle) => console.log(symbol, candle.timestamp, candle.close),
    complete: () => console.log(`${symbol} done; its tick size is ${String(priceStep)}`),
  });
}
