import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LogThrottle } from '../../src/adapters/log-throttle.ts';

describe('LogThrottle', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function collect() {
    const lines: string[] = [];
    const throttle = new LogThrottle<number>({
      one: (event) => lines.push(String(event)),
      many: (events) => lines.push(`${events.length} more`),
    });
    const add = (count: number) => Array.from({ length: count }, (_, index) => throttle.add(index + 1));
    return { lines, throttle, add };
  }

  it('writes a few at once', () => {
    const { lines, add } = collect();
    add(5);
    expect(lines).toEqual(['1', '2', '3', '4', '5']);
  });

  it('sums up the rest of a crowd after 200 ms', () => {
    const { lines, add } = collect();
    add(2000);
    vi.advanceTimersByTime(199);
    expect(lines).toHaveLength(5);
    vi.advanceTimersByTime(1);
    expect(lines.slice(5)).toEqual(['1995 more']);
  });

  it('writes a single one that was held back as it is', () => {
    const { lines, add } = collect();
    add(6);
    vi.advanceTimersByTime(200);
    expect(lines.slice(5)).toEqual(['6']);
  });

  it('writes one line a second while a crowd keeps coming, and each by itself again after a quiet second', () => {
    const { lines, throttle, add } = collect();
    for (let tenth = 0; tenth < 30; tenth++) {
      add(10);
      vi.advanceTimersByTime(100);
    }
    expect(lines).toHaveLength(5 + 1 + 2);
    vi.advanceTimersByTime(2000);
    throttle.add(77);
    expect(lines.slice(8)).toEqual(['80 more', '77']);
  });

  it('never holds back what comes slowly', () => {
    const { lines, add } = collect();
    for (let round = 0; round < 20; round++) {
      add(1);
      vi.advanceTimersByTime(100);
    }
    expect(lines).toHaveLength(20);
  });

  it('leaves no timer and nothing unwritten behind when flushed', () => {
    const { lines, throttle, add } = collect();
    add(8);
    throttle.flush();
    expect(lines.slice(5)).toEqual(['3 more']);
    expect(vi.getTimerCount()).toBe(0);
  });
});
