import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { afterAll, expect, it } from 'vitest';
import { ConfigError, createFeed } from 'rx-candles';
import { openStore } from 'rx-candles/store';
import { startFakeExchange } from 'rx-candles/testing';
import { storeFolder } from '../support/stored.ts';

const folder = storeFolder();
afterAll(() => {
  folder.remove();
});

it('a feed with a store asks the exchange for no candle that is there', async () => {
  await using exchange = await startFakeExchange({ seed: 3, startAt: Date.UTC(2026, 0, 1, 12, 0, 20) });
  await using store = await openStore(folder.newFile());
  const series = { venue: 'binance-spot', symbol: 'BTCUSDT', interval: '1h' } as const;
  const stored = exchange.candles(series, Date.UTC(2025, 0, 1), Date.UTC(2026, 0, 1, 12));
  await store.append(stored);
  const options = { venue: 'binance-spot', endpoints: exchange.endpoints('binance-spot') } as const;
  await using feed = createFeed({ ...options, store });
  const warm = feed.closedCandles$('BTCUSDT', '1h', { history: 2000 }).pipe(take(2000), toArray());
  const candles = await lastValueFrom(warm);
  expect(candles.map(({ timestamp }) => timestamp)).toEqual(stored.slice(-2000).map(({ timestamp }) => timestamp));
  const past = feed.history$('BTCUSDT', '1h', { from: Date.UTC(2025, 0, 1), to: Date.UTC(2025, 6, 1) });
  expect(await lastValueFrom(past.pipe(toArray()))).toHaveLength(181 * 24);
  expect(exchange.stats.klines).toEqual([]);
  await using other = createFeed(options);
  await firstValueFrom(other.closedCandles$('BTCUSDT', '1h', { history: 1 }));
  expect(exchange.stats.klines.length).toBeGreaterThan(0);
});

it('refuses what is no store', () => {
  expect(() => createFeed({ store: folder.newFile() as never })).toThrow(ConfigError);
});
