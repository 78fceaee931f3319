import fc from 'fast-check';
import type { SchedulerAction } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { TimerQueue, type QueuedTimer } from '../../../src/feed/series/timer-queue.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

/** TimerQueue by the exchange's clock, which is ahead of ours by `offset`; counts the timers that were set. */
class Rig {
  readonly clock = new VirtualClock();
  offset = 1_000_000;
  timers = 0;
  readonly deadlines = new TimerQueue(
    {
      now: () => this.clock.now(),
      schedule: <T>(work: (this: SchedulerAction<T>, state?: T) => void, delayMs?: number, state?: T) => {
        this.timers += 1;
        return this.clock.schedule(work, delayMs, state);
      },
    },
    () => this.clock.now() + this.offset,
  );

  /** A sleeper that notes when it was woken, and sleeps on if it is told how long. */
  sleeper(again: () => number = () => Infinity): QueuedTimer & { readonly woken: readonly number[] } {
    const woken: number[] = [];
    const sleeper = {
      queuedFor: Infinity,
      place: -1,
      wakeAt: Infinity,
      woken,
      wake: () => {
        woken.push(this.clock.now());
        this.deadlines.set(sleeper, again());
      },
    };
    return sleeper;
  }

  set(sleeper: QueuedTimer, inMs: number): void {
    this.deadlines.set(sleeper, this.clock.now() + this.offset + inMs);
  }
}

describe('a sleeper', () => {
  it('is woken at its moment of exchange time, once', () => {
    const rig = new Rig();
    const sleeper = rig.sleeper();
    rig.set(sleeper, 500);
    rig.clock.advance(499);
    expect(sleeper.woken).toEqual([]);
    rig.clock.advance(10_000);
    expect(sleeper.woken).toEqual([500]);
  });

  it('that changes its mind is woken at the last moment it named', () => {
    const rig = new Rig();
    const [later, sooner, never] = [rig.sleeper(), rig.sleeper(), rig.sleeper()];
    for (const sleeper of [later, sooner, never]) rig.set(sleeper, 500);
    rig.set(later, 900);
    rig.set(sooner, 100);
    rig.deadlines.set(never, Infinity);
    rig.clock.advance(10_000);
    expect([later.woken, sooner.woken, never.woken]).toEqual([[900], [100], []]);
  });

  it('that moves its moment later again and again costs no timer each time', () => {
    const rig = new Rig();
    const sleeper = rig.sleeper();
    for (let ms = 1000; ms < 2000; ms += 1) rig.set(sleeper, ms);
    expect(rig.timers).toBe(1);
    rig.clock.advance(10_000);
    expect(sleeper.woken).toEqual([1999]);
  });

  it('that has left is not woken', () => {
    const rig = new Rig();
    const [left, other] = [rig.sleeper(), rig.sleeper()];
    rig.set(left, 100);
    rig.set(other, 200);
    rig.deadlines.remove(left);
    rig.clock.advance(10_000);
    expect([left.woken, other.woken]).toEqual([[], [200]]);
  });

  it('that asks for the past is woken soon, and cannot spin', () => {
    const rig = new Rig();
    const sleeper = rig.sleeper(() => 0);
    rig.set(sleeper, -5000);
    rig.clock.advance(100);
    expect(sleeper.woken.length).toBeGreaterThan(1);
    expect(sleeper.woken.length).toBeLessThanOrEqual(51);
  });

  it('may leave while it is being woken', () => {
    const rig = new Rig();
    const [first, second] = [rig.sleeper(), rig.sleeper()];
    first.wake = () => {
      rig.deadlines.remove(first);
      rig.deadlines.remove(second);
    };
    rig.set(first, 100);
    rig.set(second, 100);
    rig.clock.advance(10_000);
    expect(second.woken).toEqual([]);
  });
});

it('forgets what many who left had asked for, and nobody else’s wishes', () => {
  const rig = new Rig();
  const sleepers = Array.from({ length: 40 }, () => rig.sleeper());
  for (let inMs = 1000; inMs > 0; inMs -= 100) for (const sleeper of sleepers) rig.set(sleeper, inMs);
  for (const sleeper of sleepers.slice(5)) rig.deadlines.remove(sleeper);
  rig.clock.advance(10_000);
  expect(sleepers.map(({ woken }) => woken)).toEqual(sleepers.map((_, n) => (n < 5 ? [100] : [])));
});

describe('the one timer', () => {
  it('is gone with the last sleeper', () => {
    const rig = new Rig();
    const sleeper = rig.sleeper();
    rig.set(sleeper, 3_600_000);
    rig.deadlines.remove(sleeper);
    expect(rig.clock.actions.filter(({ closed }) => !closed)).toEqual([]);
  });

  it('is set anew when the exchange’s clock is found to be further on', () => {
    const rig = new Rig();
    const sleeper = rig.sleeper();
    rig.set(sleeper, 60_000);
    rig.clock.advance(1000);
    rig.offset += 58_000;
    rig.deadlines.clockMoved();
    rig.clock.advance(2000);
    expect(sleeper.woken).toEqual([2000]);
  });

  it('is set again when the exchange’s clock is found to be further behind', () => {
    const rig = new Rig();
    const sleeper = rig.sleeper();
    rig.set(sleeper, 1000);
    rig.offset -= 5000;
    rig.clock.advance(5999);
    expect(sleeper.woken).toEqual([]);
    rig.clock.advance(1);
    expect(sleeper.woken).toEqual([6000]);
  });

  it('is never longer than a platform can keep, and looks at the clock again', () => {
    const rig = new Rig();
    const sleeper = rig.sleeper();
    rig.set(sleeper, 30 * 86_400_000);
    expect(rig.clock.actions[0]?.delay).toBe(600_000);
    rig.clock.advance(31 * 86_400_000);
    expect(sleeper.woken).toEqual([30 * 86_400_000]);
  });
});

it('wakes everybody at their last moment and in its order, however they came, moved and left', () => {
  const move = fc.record({ who: fc.nat(99), inMs: fc.integer({ min: 1, max: 10_000 }), leaves: fc.boolean() });
  fc.assert(
    fc.property(fc.array(move, { maxLength: 400 }), (moves) => {
      const rig = new Rig();
      const sleepers = Array.from({ length: 100 }, () => rig.sleeper());
      const expected = new Map<number, number>();
      const gone = new Set<number>();
      for (const { who, inMs, leaves } of moves) {
        const sleeper = sleepers[who];
        if (sleeper === undefined || gone.has(who)) continue;
        if (leaves && who % 2 === 0) {
          rig.deadlines.remove(sleeper);
          gone.add(who);
          expected.delete(who);
        } else {
          rig.set(sleeper, inMs);
          expected.set(who, inMs);
        }
      }
      rig.clock.advance(20_000);
      expect(sleepers.map(({ woken }) => woken)).toEqual(
        sleepers.map((_, who) => (expected.has(who) ? [expected.get(who)] : [])),
      );
    }),
    { numRuns: 50 },
  );
});
