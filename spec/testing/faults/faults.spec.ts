import { expect, it } from 'vitest';
import { RANDOM_FAULTS, startFakeExchange, type RandomFault } from '../../../src/testing/index.ts';
import { until } from '../../support/until.ts';

/** Faults that only write down their names. */
function recorded(log: string[]): readonly RandomFault[] {
  return [1, 5].map((weight) => ({ name: String(weight), weight, run: () => log.push(String(weight)) }));
}

it('draws the same faults for the same seed, the heavier ones more often, until stopped', async () => {
  await using exchange = await startFakeExchange();
  const logs: string[][] = [[], []];
  const schedules = logs.map((log) => exchange.faults.random({ seed: 9, everyMs: 2, faults: recorded(log) }));
  await until(() => schedules.every(({ hits }) => hits >= 60));
  exchange.faults.clear();
  const counts = schedules.map(({ hits }) => hits);
  expect(logs[0]?.slice(0, 60)).toEqual(logs[1]?.slice(0, 60));
  expect(logs[0]?.filter((name) => name === '5').length).toBeGreaterThan(35);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(schedules.map(({ hits }) => hits)).toEqual(counts);
});

it('runs each of the ready-made faults', async () => {
  await using exchange = await startFakeExchange();
  for (const { run } of RANDOM_FAULTS) run(exchange.faults, () => 0.5);
  expect(new Set(RANDOM_FAULTS.map(({ name }) => name)).size).toBe(RANDOM_FAULTS.length);
});

it('refuses a schedule without faults', async () => {
  await using exchange = await startFakeExchange();
  expect(() => exchange.faults.random({ seed: 1, faults: [] })).toThrow(RangeError);
});
