import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import { StoreError, type Candle } from 'rx-candles';
import { openStore, type CandleStore } from 'rx-candles/store';
import { BTC, ETH, MINUTE, START, minute, minutes, storeFolder } from '../support/stored.ts';

const folder = storeFolder();
let store: CandleStore;

beforeEach(async () => {
  store = await openStore(folder.newFile());
});
afterEach(() => store.close());
afterAll(() => {
  folder.remove();
});

async function all(...args: Parameters<CandleStore['read']>) {
  const candles = [];
  for await (const candle of store.read(...args)) candles.push(candle);
  return candles;
}

const gap = (from: number, to: number) => ({ from: START + from * MINUTE, to: START + to * MINUTE });

it('gives back the candles it was given, every field, frozen, in rising open time', async () => {
  const unknown = { quoteVolume: null, trades: null, takerBuyVolume: null, takerBuyQuoteVolume: null };
  const given = [minute(2, { open: 1e-8, volume: 0 }), minute(0, unknown), minute(1, { source: 'history' })];
  await store.append(given);
  const read = await all(BTC);
  expect(read).toEqual([given[1], given[2], given[0]]);
  expect(read.map((candle) => Object.keys(candle))).toEqual(given.map((candle) => Object.keys(candle)));
  expect(read.every(Object.isFrozen)).toBe(true);
});

it('tells what it has added, and nothing of what it had', async () => {
  expect((await store.append(minutes(2))).added).toEqual(minutes(2));
  const again = await store.append(minutes(3, { source: 'backfill' }));
  expect(again).toEqual({ added: [minute(2, { source: 'backfill' })], revised: [], gaps: [] });
  expect((await store.info())[0]?.candles).toBe(3);
});

it('keeps what it has, and a candle with other values beside it', async () => {
  await store.append(minutes(3));
  const other = minute(1, { volume: 11 });
  expect((await store.append([minute(0), other])).revised).toEqual([{ stored: minute(1), candle: other }]);
  expect((await store.append([other])).revised).toHaveLength(1);
  expect(await all(BTC)).toEqual(minutes(3));
  expect(await store.revisions(BTC)).toEqual([{ stored: minute(1), candle: other }]);
  expect((await store.info())[0]).toMatchObject({ candles: 3, revisions: 1 });
});

it.each([null, 'BTCUSDT', {}])('takes no %j for a candle', async (none) => {
  await expect(store.append([none as unknown as Candle])).rejects.toThrow(StoreError);
});

it('adds all or nothing', async () => {
  const bad = store.append([minute(0), minute(1, { high: 1, low: 2 })]);
  await expect(bad).rejects.toMatchObject({ code: 'FEED_STORE', reason: 'bad candle' });
  const running = { ...minute(1), closed: false };
  await expect(store.append([minute(0), running])).rejects.toMatchObject({ reason: 'bad candle' });
  expect(await store.series()).toEqual([]);
});

it('knows series apart, by any spelling of their symbol', async () => {
  await store.append([minute(0), minute(0, { symbol: 'ETHUSDT' }), minute(0, { interval: '5m' })]);
  expect(await store.series()).toEqual([BTC, { ...BTC, interval: '5m' }, ETH]);
  expect(await store.last({ ...BTC, symbol: 'ethusdt' })).toEqual(minute(0, { symbol: 'ETHUSDT' }));
  expect(await store.last({ ...BTC, symbol: 'BTC/USDT:USDT' })).toEqual(minute(0));
  expect(await store.last({ ...BTC, symbol: 'XRPUSDT' })).toBeUndefined();
});

it('lists all series also after a page without candles', async () => {
  await store.append([minute(0), minute(0, { symbol: 'ETHUSDT' })]);
  expect(await store.page(BTC, { from: START + MINUTE, before: Infinity, limit: 5 })).toEqual([]);
  expect(await store.series()).toEqual([BTC, ETH]);
});

it('reads a span a page at a time, from its beginning to before its end', async () => {
  await store.append(minutes(5000));
  expect(await all(BTC)).toHaveLength(5000);
  const span = { from: START + 10 * MINUTE, to: new Date(START + 13 * MINUTE) };
  expect(await all(BTC, span)).toEqual([minute(10), minute(11), minute(12)]);
  await expect(all(BTC, { from: START / 1000 })).rejects.toThrow('looks like seconds');
});

it('goes on reading while candles are added behind', async () => {
  await store.append(minutes(2000));
  let read = 0;
  for await (const candle of store.read(BTC)) {
    if (read++ === 0) await store.append([minute(2000, { open: candle.open })]);
  }
  expect(read).toBe(2001);
});

it('keeps gaps without overlap, and forgets of them what the exchange has after all', async () => {
  await store.append(
    [minute(0), minute(9)],
    [
      { ...BTC, ...gap(1, 4) },
      { ...BTC, ...gap(3, 8) },
    ],
  );
  expect(await store.gaps(BTC)).toEqual([gap(1, 8)]);
  await store.append([minute(4)]);
  expect(await store.gaps(BTC)).toEqual([gap(1, 3), gap(5, 8)]);
  await store.append([], [{ ...BTC, ...gap(3, 5) }]);
  expect(await store.gaps(BTC)).toEqual([gap(1, 3), gap(5, 8)]);
  expect(await store.gaps(ETH)).toEqual([]);
});
