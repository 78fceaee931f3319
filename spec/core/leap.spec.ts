import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LEAP_ROWS, afterLook, newLeap, nextSpan, type Leap } from '../../src/core/leap.ts';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const RULES = { pageRows: 500, pagesFrom: 'newest', maxSpanMs: 200 * DAY } as const;
const fresh = newLeap('1m', { from: 1000 * MINUTE, before: 100_000 * DAY }, 500 * MINUTE);
const rows = (from: number, count: number) =>
  Array.from({ length: count }, (_, n) => ({ timestamp: from + n * MINUTE }));

/** Leaps to the first rows of a market that has one each minute from `first` on; the spans asked for on the way. */
function leapTo(first: number, leap: Leap = fresh) {
  const spans = [];
  let now: Leap | undefined = leap;
  for (let span = nextSpan(now, RULES); span !== undefined; span = nextSpan(now, RULES)) {
    spans.push(span);
    const from = Math.max(Math.ceil(Math.max(first, span.from) / MINUTE) * MINUTE, span.before - LEAP_ROWS * MINUTE);
    const shown = rows(from, Math.max(0, Math.ceil((span.before - from) / MINUTE)));
    now = afterLook(now, span, shown);
    if (now === undefined) return { spans, found: shown[0]?.timestamp };
  }
  return { spans, found: undefined };
}

describe('a leap', () => {
  it('looks at twice as much each time, as long as the market allows', () => {
    const lengths = leapTo(1000 * DAY).spans.map(({ from, before }) => (before - from) / MINUTE);
    expect(lengths.slice(0, 4)).toEqual([1000, 2000, 4000, 8000]);
    expect(Math.max(...lengths)).toBe((200 * DAY) / MINUTE);
  });

  it('looks at open times that follow each other, and ends with the first row there is, however far off', () => {
    const minute = fc.integer({ min: 1000, max: 5_000_000 });
    fc.assert(
      fc.property(minute, (first) => {
        const { spans, found } = leapTo(first * MINUTE);
        expect(found).toBe(first * MINUTE);
        expect(spans.length).toBeLessThan(60);
      }),
    );
  });

  it('ends where there is nothing more to look at', () => {
    const short = newLeap('1m', { from: 1000 * MINUTE, before: 5000 * MINUTE }, 500 * MINUTE);
    const { spans, found } = leapTo(9000 * MINUTE, short);
    expect(found).toBeUndefined();
    expect(spans.at(-1)?.before).toBe(5000 * MINUTE);
  });
});
