import { expect, it } from 'vitest';
import { attemptGate } from '../../src/feed/stream/attempt-gate.ts';
import { toldGate } from '../../src/feed/told-gate.ts';
import { Waits } from '../../src/feed/waits.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

/** A gate of ten attempts in five minutes, and when it told of waiting. */
function rig() {
  const clock = new VirtualClock();
  const told: number[] = [];
  const waits = new Waits({ scheduler: clock, now: () => clock.now(), publish: () => told.push(clock.now()) });
  const gate = toldGate(attemptGate(10), waits);
  for (let n = 0; n < 10; n += 1) gate.take(clock.now());
  return { clock, told, gate };
}

it('connections that wait for their turn are told of every ten seconds, until it has come', () => {
  const { clock, told, gate } = rig();
  const ms = gate.waitMs(clock.now());
  expect(ms).toBe(300_000);
  clock.advance(ms);
  expect(gate.waitMs(clock.now())).toBe(0);
  expect(told).toHaveLength(30);
  expect(told[0]).toBe(10_000);
  expect(clock.actions).toEqual([]);
});

it('one that no longer wants a connection is not told of for ever', () => {
  const { clock, told, gate } = rig();
  gate.waitMs(clock.now());
  clock.advance(900_000);
  expect(told.at(-1)).toBeLessThanOrEqual(310_000);
  expect(clock.actions).toEqual([]);
});

it('a pause that the exchange asked for is told too, a planned replacement is not', () => {
  const { clock, told, gate } = rig();
  expect(gate.waitMs(clock.now(), true)).toBeGreaterThan(0);
  clock.advance(20_000);
  expect(told).toEqual([]);
  gate.holdUntil(clock.now() + 400_000);
  expect(gate.waitMs(clock.now())).toBe(400_000);
  clock.advance(15_000);
  expect(told).toEqual([30_000]);
});
