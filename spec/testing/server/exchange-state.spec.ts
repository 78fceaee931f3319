import { expect, it } from 'vitest';
import { startFakeExchange } from '../../../src/testing/index.ts';
import { finalKline, isThere } from '../../../src/testing/server/exchange-state.ts';

const NOW = Date.UTC(2026, 10, 22, 12, 0, 30);

it('knows what is there by a moment, and what never will be', async () => {
  await using exchange = await startFakeExchange({ startAt: NOW });
  const symbol = exchange.state.venues.get('binance-usdm')?.symbols.get('BTCUSDT');
  if (symbol === undefined) throw new Error('no BTCUSDT');
  const candle = { symbol, interval: '1m', openTime: NOW - 30_000 } as const;
  const next = { ...candle, openTime: NOW + 30_000 };
  expect([isThere(exchange.state, candle, NOW), isThere(exchange.state, next, NOW)]).toEqual([true, false]);
  expect(finalKline(exchange.state, next)).toBeDefined();
  exchange.faults.market.hole({
    venue: 'binance-usdm',
    symbol: 'BTCUSDT',
    interval: '1m',
    from: candle.openTime,
    before: next.openTime,
  });
  expect(isThere(exchange.state, candle, NOW)).toBe(false);
  expect(finalKline(exchange.state, candle)).toBeUndefined();
});
