import { afterEach, expect, it } from 'vitest';
import { ExchangeClock } from '../../../src/testing/market/clock.ts';
import { until } from '../../support/until.ts';

const START = Date.UTC(2026, 0, 1);
const clocks: ExchangeClock[] = [];

function clockAt(start: number, driftPpm?: number): ExchangeClock {
  const clock = new ExchangeClock(start, driftPpm);
  clocks.push(clock);
  return clock;
}

afterEach(() => {
  for (const clock of clocks.splice(0)) clock.stop();
});

it('starts where it is told and runs with real time', async () => {
  const earliest = performance.now();
  const clock = clockAt(START);
  const latest = performance.now();
  await new Promise((resolve) => setTimeout(resolve, 50));
  const least = performance.now() - latest;
  const passed = clock.now() - START;
  // The clock tells whole milliseconds.
  expect(passed).toBeGreaterThan(least - 1);
  expect(passed).toBeLessThanOrEqual(performance.now() - earliest);
});

it('runs faster or slower when told to drift', async () => {
  const clock = clockAt(START, 1_000_000);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(clock.now() - START).toBeGreaterThanOrEqual(98);
  clock.setDrift(0);
  expect(clock.now() - START).toBeGreaterThanOrEqual(98);
});

it('wakes at the exchange time asked for and never before', async () => {
  const clock = clockAt(START);
  let woken = 0;
  clock.at(START + 30, () => { woken = clock.now(); }); // prettier-ignore
  await until(() => woken > 0);
  expect(woken).toBeGreaterThanOrEqual(START + 30);
});

it('wakes at once when it is moved past the time, and later when it is moved back', async () => {
  const clock = clockAt(START);
  const woken: string[] = [];
  clock.at(START + 60_000, () => woken.push('minute'));
  clock.at(START + 30, () => woken.push('soon'));
  clock.jump(60_000);
  await until(() => woken.length === 2);
  const late = clockAt(START);
  late.at(START + 20, () => woken.push('late'));
  late.jump(-60_000);
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(woken).not.toContain('late');
});

it('forgets what is cancelled', async () => {
  const clock = clockAt(START);
  const woken: string[] = [];
  clock.at(START + 5, () => woken.push('cancelled'))();
  clock.at(START + 10, () => woken.push('kept'));
  await until(() => woken.length > 0);
  expect(woken).toEqual(['kept']);
});
