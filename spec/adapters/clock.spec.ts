import { Subscription } from 'rxjs';
import { afterEach, expect, it, vi } from 'vitest';
import { monotonicScheduler, wallClockNow } from '../../src/adapters/clock.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

it('runs on when somebody sets the machine’s clock', () => {
  const before = monotonicScheduler.now();
  vi.spyOn(Date, 'now').mockReturnValue(0);
  const after = monotonicScheduler.now();
  expect(after).toBeGreaterThanOrEqual(before);
  expect(after - before).toBeLessThan(1000);
  expect(wallClockNow()).toBe(0);
});

it('does what it is asked after so many ms, with what it was given', async () => {
  const before = monotonicScheduler.now();
  const given = await new Promise((resolve) => {
    monotonicScheduler.schedule<string>((state) => {
      resolve(state);
    }, 20, 'state'); // prettier-ignore
  });
  expect(given).toBe('state');
  // A timer may fire a fraction of a ms early.
  expect(monotonicScheduler.now() - before).toBeGreaterThanOrEqual(19);
});

it('leaves no timer behind when the work is given up', async () => {
  const work = vi.fn();
  const scheduled = monotonicScheduler.schedule(work, 5);
  expect(scheduled).toBeInstanceOf(Subscription);
  scheduled.unsubscribe();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(work).not.toHaveBeenCalled();
});

it('knows what this machine believes the time to be', () => {
  expect(Math.abs(wallClockNow() - Date.now())).toBeLessThan(1000);
});
