import { describe, expect, it } from 'vitest';
import { after, every } from '../../src/feed/after.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const DAY = 86_400_000;

describe('after', () => {
  it.each([
    [0, 0],
    [-5, 0],
    [1000, 1000],
    [Infinity, 2 ** 31 - 1],
    [60 * DAY, 2 ** 31 - 1],
  ])('a delay of %d waits %d, as long as timers can', (delayMs, waited) => {
    const clock = new VirtualClock();
    let at: number | undefined;
    after(clock, delayMs, () => (at = clock.now()));
    clock.advance(30 * DAY);
    expect(at).toBe(waited);
  });

  it('does nothing once unsubscribed', () => {
    const clock = new VirtualClock();
    let done = 0;
    after(clock, 10, () => done++).unsubscribe();
    clock.advance(100);
    expect(done).toBe(0);
  });
});

describe('every', () => {
  it('goes on until unsubscribed, from within too', () => {
    const clock = new VirtualClock();
    const times: number[] = [];
    const ticks = every(clock, 1000, () => {
      times.push(clock.now());
      if (times.length === 3) ticks.unsubscribe();
    });
    clock.advance(10_000);
    expect(times).toEqual([1000, 2000, 3000]);
  });

  it('runs for a day of seconds without growing a chain', () => {
    const clock = new VirtualClock();
    let ticked = 0;
    const ticks = every(clock, 1000, () => ticked++);
    clock.advance(DAY);
    ticks.unsubscribe();
    expect(ticked).toBe(86_400);
  });
});
