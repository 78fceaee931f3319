import { expect, it } from 'vitest';
import { lastValueFrom, take, toArray } from 'rxjs';
import { createFeed } from 'rx-candles';
import { startFakeExchange } from 'rx-candles/testing';

const MINUTE = 60_000;
const TOLD = {
  venue: 'ccxt:okx',
  symbol: 'BTC/USDT:USDT',
  quoteVolume: null,
  trades: null,
  takerBuyVolume: null,
  takerBuyQuoteVolume: null,
};

it('OKX by ccxt is the same candles as the exchange has; volume is what ccxt takes for it', async () => {
  const now = Date.now();
  await using exchange = await startFakeExchange({ startAt: now - (now % MINUTE) + MINUTE - 3000 });
  await using feed = createFeed({ venue: 'ccxt:okx', endpoints: exchange.endpoints('okx'), logLevel: 'silent' });
  const series = { venue: 'okx', symbol: 'BTC-USDT-SWAP', interval: '1m' } as const;
  const from = exchange.openTimeNow(series) - 2 * MINUTE;
  const candles$ = feed.closedCandles$('BTC/USDT:USDT', '1m', { history: 2 });
  const candles = await lastValueFrom(candles$.pipe(take(3), toArray()));
  const truth = exchange.candles(series, from, from + 3 * MINUTE);
  expect(candles).toMatchObject(truth.map(({ source: _, volume: __, ...candle }) => ({ ...candle, ...TOLD })));
});
