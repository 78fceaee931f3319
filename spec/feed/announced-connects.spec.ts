import { expect, it } from 'vitest';
import { connectRateLimiter } from '../../src/feed/connection/connect-rate-limiter.ts';
import { announcedConnects } from '../../src/feed/announced-connects.ts';
import { Waits } from '../../src/feed/waits.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

/** A limiter of ten attempts in five minutes, and when it told of waiting. */
function rig() {
  const clock = new VirtualClock();
  const told: number[] = [];
  const waits = new Waits({ scheduler: clock, now: () => clock.now(), publish: () => told.push(clock.now()) });
  const connects = announcedConnects(connectRateLimiter({ limit: 10, windowMs: 300_000 }), waits);
  for (let n = 0; n < 10; n += 1) connects.take(clock.now());
  return { clock, told, connects };
}

it('connections that wait for their turn are told of every ten seconds, until it has come', () => {
  const { clock, told, connects } = rig();
  const ms = connects.waitMs(clock.now());
  expect(ms).toBe(300_000);
  clock.advance(ms);
  expect(connects.waitMs(clock.now())).toBe(0);
  expect(told).toHaveLength(30);
  expect(told[0]).toBe(10_000);
  expect(clock.actions).toEqual([]);
});

it('one that no longer wants a connection is not told of for ever', () => {
  const { clock, told, connects } = rig();
  connects.waitMs(clock.now());
  clock.advance(900_000);
  expect(told.at(-1)).toBeLessThanOrEqual(310_000);
  expect(clock.actions).toEqual([]);
});

it('a pause that the exchange asked for is told too, a planned replacement is not', () => {
  const { clock, told, connects } = rig();
  expect(connects.waitMs(clock.now(), true)).toBeGreaterThan(0);
  clock.advance(20_000);
  expect(told).toEqual([]);
  connects.holdUntil(clock.now() + 400_000);
  expect(connects.waitMs(clock.now())).toBe(400_000);
  clock.advance(15_000);
  expect(told).toEqual([30_000]);
});
