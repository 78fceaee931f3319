import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CLOSE_BOUNDS_MS, DelayCounter } from '../../src/core/delay-histogram.ts';
import { DelayReader } from '../../src/metrics/delay-reader.ts';

/** Another histogram of the same bounds, in seconds. */
class Copy {
  readonly counts = new Array<number>(CLOSE_BOUNDS_MS.length + 1).fill(0);
  sum = 0;

  observe(seconds: number): void {
    const at = CLOSE_BOUNDS_MS.findIndex((ms) => seconds <= ms / 1000);
    const bucket = at < 0 ? CLOSE_BOUNDS_MS.length : at;
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.sum += seconds;
  }
}

it('tells another histogram so much that it has the same counts and the same sum, however often it is read', () => {
  const delay = fc.oneof(fc.constantFrom(...CLOSE_BOUNDS_MS), fc.double({ min: 0, max: 120_000, noNaN: true }));
  fc.assert(
    fc.property(fc.array(fc.array(delay)), (turns) => {
      const counter = new DelayCounter(CLOSE_BOUNDS_MS);
      const reader = new DelayReader();
      const copy = new Copy();
      for (const turn of turns) {
        for (const ms of turn) counter.count(ms);
        for (const { seconds, times } of reader.take(counter.snapshot()))
          for (let count = 0; count < times; count += 1) copy.observe(seconds);
      }
      const { counts, sumsMs } = counter.snapshot();
      expect(copy.counts).toEqual(counts);
      const sum = sumsMs.reduce((all, ms) => all + ms, 0) / 1000;
      expect(Math.abs(copy.sum - sum)).toBeLessThanOrEqual(1e-6 * Math.max(1, sum));
    }),
    { numRuns: 200 },
  );
});

it('tells nothing twice', () => {
  const counter = new DelayCounter(CLOSE_BOUNDS_MS);
  counter.count(1200);
  const reader = new DelayReader();
  expect(reader.take(counter.snapshot())).toEqual([{ seconds: 1.2, times: 1 }]);
  expect(reader.take(counter.snapshot())).toEqual([]);
});
