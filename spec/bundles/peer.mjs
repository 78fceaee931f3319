/** A user's program that asks for a venue of an optional peer, and prints what it is told where there is none. */
import { createFeed } from 'rx-candles';

createFeed({ venue: 'ccxt:kraken', logLevel: 'silent' })
  .closedCandles$('BTC/USD', '1m')
  .subscribe({ error: ({ code, message }) => console.log(`${code}: ${message}`) });
