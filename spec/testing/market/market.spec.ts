import { expect, it } from 'vitest';
import { Market, type MarketOptions } from '../../../src/testing/market/market.ts';
import { Sum } from '../../../src/testing/market/trade-slice.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 1, 27);

function market(options: Partial<MarketOptions> = {}): Market {
  return new Market({
    seed: 5,
    ticks: 100_000,
    valuePerLot: (ticks) => ticks,
    emptyMinutes: 0,
    emptySeconds: 0,
    ...options,
  });
}

it('says the same whatever was asked before', () => {
  const used = market();
  for (let day = 0; day < 40; day++) used.between(START + day * DAY, START + day * DAY + 61_000);
  expect(used.between(START + 5000, START + 3_725_000)).toEqual(market().between(START + 5000, START + 3_725_000));
  expect(market({ seed: 6 }).between(START, START + DAY)).not.toEqual(market().between(START, START + DAY));
});

it.each([
  ['seconds', 'a minute', 1000, 60_000],
  ['minutes', 'four hours', 60_000, 14_400_000],
  ['hours', 'a day', 3_600_000, DAY],
  ['days', 'a month', DAY, 31 * DAY],
])('joins %s to exactly %s, thin markets too', (_, __, short, long) => {
  for (const thin of [{}, { emptyMinutes: 0.7, emptySeconds: 0.7 }]) {
    const sum = new Sum();
    for (let time = START; time < START + long; time += short) sum.add(market(thin).between(time, time + short));
    expect(sum.total).toEqual(market(thin).between(START, START + long));
  }
});

it('starts each span at the price the last one ended with', () => {
  for (let day = 0; day < 5; day++) {
    const [last, next] = [START + (day - 1) * DAY, START + day * DAY].map((time) => market().between(time, time + DAY));
    expect(next?.before).toBe(last?.close);
  }
});

it('has as many empty minutes as it is told, and none at all for 1', () => {
  const thin = market({ emptyMinutes: 0.6 });
  const empty = Array.from({ length: 1440 }, (_, i) =>
    thin.between(START + i * 60_000, START + (i + 1) * 60_000),
  ).filter(({ trades }) => trades === 0);
  expect(empty.length / 1440).toBeCloseTo(0.6, 1);
  const dead = market({ emptyMinutes: 1 }).between(START, START + DAY);
  expect(dead).toMatchObject({
    trades: 0,
    lots: 0,
    open: dead.before,
    high: dead.before,
    low: dead.before,
    close: dead.before,
  });
});

it('shows nothing but the last price before the first 250 ms have passed', () => {
  const full = market().between(START, START + 60_000);
  expect(market().between(START, START + 249)).toMatchObject({ trades: 0, close: full.before });
  expect(market().between(START, START + 250).trades).toBeGreaterThan(0);
});

it('grows a running span and never takes anything back', () => {
  let last = market().between(START, START + 250);
  for (let age = 500; age <= 60_000; age += 250) {
    const now = market().between(START, START + age);
    expect(now.open).toBe(last.open);
    expect(now.trades).toBeGreaterThanOrEqual(last.trades);
    expect(now.high).toBeGreaterThanOrEqual(last.high);
    last = now;
  }
});
