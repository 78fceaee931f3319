import { lastValueFrom, take, toArray } from 'rxjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { resample, type Candle } from 'rx-candles';
import { openStore, replay$, type CandleStore, type ReplayOptions } from 'rx-candles/store';
import { BTC, ETH, MINUTE, START, minute, minutes, storeFolder } from '../support/stored.ts';
import { until } from '../support/until.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const folder = storeFolder();
const FIVE = { ...BTC, interval: '5m' } as const;
let store: CandleStore;

beforeAll(async () => {
  store = await openStore(folder.newFile());
  const fives = [0, 5].map((number) =>
    minute(number, { interval: '5m', closeTime: START + (number + 5) * MINUTE - 1 }),
  );
  await store.append([...minutes(5000), ...minutes(3, { symbol: 'ETHUSDT' }), ...fives]);
});
afterAll(async () => {
  await store.close();
  folder.remove();
});

const all = (...args: Parameters<typeof replay$> extends [unknown, ...infer R] ? R : never) =>
  lastValueFrom(replay$(store, ...args).pipe(toArray()));

it('is the candles as they were stored, frozen, within a span', async () => {
  const candles = await all(BTC);
  expect(candles).toEqual(minutes(5000));
  expect(candles.every(Object.isFrozen)).toBe(true);
  expect(await all(BTC, { from: START + MINUTE, to: START + 3 * MINUTE })).toEqual([minute(1), minute(2)]);
});

it('merges series by close time, then by key', async () => {
  const candles = await all([ETH, FIVE, BTC], { to: START + 10 * MINUTE });
  const names = candles.map(
    ({ symbol, interval, closeTime }) => `${symbol.charAt(0)}${interval}@${(closeTime + 1 - START) / MINUTE}`,
  );
  expect(names).toEqual([
    'B1m@1', 'E1m@1', 'B1m@2', 'E1m@2', 'B1m@3', 'E1m@3', 'B1m@4', 'B1m@5', 'B5m@5',
    'B1m@6', 'B1m@7', 'B1m@8', 'B1m@9', 'B1m@10', 'B5m@10',
  ]); // prettier-ignore
});

it('goes through operators as live candles do', async () => {
  const [first] = await lastValueFrom(replay$(store, BTC).pipe(resample('1h'), toArray()));
  expect(first).toMatchObject({ timestamp: START, interval: '1h', volume: 600 });
});

it('lets other work have its turn, and stops reading when nobody listens', async () => {
  let turns = 0;
  const turning = setInterval(() => turns++, 0);
  await all(BTC);
  clearInterval(turning);
  expect(turns).toBeGreaterThan(0);
  expect(await lastValueFrom(replay$(store, BTC).pipe(take(2), toArray()))).toHaveLength(2);
});

it('takes its time where it is asked to, by a scheduler', async () => {
  const clock = new VirtualClock();
  const heard: Candle[] = [];
  const subscription = replay$(store, BTC, { speed: 60, scheduler: clock }).subscribe((candle) => heard.push(candle));
  const advance = async (ms: number) => {
    clock.advance(ms);
    await new Promise((resolve) => setTimeout(resolve, 5));
  };
  await until(() => {
    clock.advance(0);
    return heard.length === 1;
  });
  await advance(999);
  expect(heard).toHaveLength(1);
  for (const [count, ms] of [1, 1000, 1000, 1000].entries()) {
    await advance(ms);
    await until(() => heard.length >= count + 2);
  }
  expect(heard).toEqual(minutes(5));
  subscription.unsubscribe();
  await advance(60_000);
  expect(heard).toHaveLength(5);
});

it('refuses a speed and a span that make no sense', async () => {
  await expect(all(BTC, { speed: 0 })).rejects.toThrow('speed');
  await expect(all(BTC, { from: START / 1000 })).rejects.toThrow('looks like seconds');
  await expect(all(BTC, { sped: 60 } as ReplayOptions)).rejects.toThrow('sped: is not an option');
});
