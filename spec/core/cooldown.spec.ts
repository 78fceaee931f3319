import { describe, expect, it } from 'vitest';
import { cooldown } from '../../src/core/cooldown.ts';

describe('cooldown', () => {
  it('allows the first at once, then doubles the pause up to its bound', () => {
    const pause = cooldown(60, 300);
    let now = 1000;
    const waits = Array.from({ length: 6 }, () => {
      const wait = pause.waitMs(now);
      now += wait;
      pause.take(now);
      return wait;
    });
    expect(waits).toEqual([0, 60, 120, 240, 300, 300]);
  });

  it('counts only what is left of the pause', () => {
    const pause = cooldown(60, 300);
    pause.take(0);
    expect(pause.waitMs(45)).toBe(15);
    expect(pause.waitMs(100)).toBe(0);
  });

  it('begins anew after a reset, and after a long time without use', () => {
    const pause = cooldown(60, 300);
    for (const now of [0, 60, 180]) pause.take(now);
    pause.reset();
    expect(pause.waitMs(181)).toBe(0);
    for (const now of [200, 260, 380, 1500]) pause.take(now);
    expect(pause.waitMs(1500)).toBe(60);
  });
});
