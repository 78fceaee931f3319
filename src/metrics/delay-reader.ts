import type { DelayHistogram } from '../core/delay-histogram.ts';

/** So many durations of one length. */
export interface Durations {
  readonly seconds: number;
  readonly times: number;
}

/**
 * What a histogram has counted since it was last read: the durations of each bucket at their mean, so that another
 * histogram with the same bounds comes to the same counts and the same sum.
 */
export class DelayReader {
  #before: DelayHistogram | undefined;

  take(now: DelayHistogram): readonly Durations[] {
    const before = this.#before;
    this.#before = now;
    return now.counts.flatMap((count, bucket) => {
      const times = count - (before?.counts[bucket] ?? 0);
      if (times === 0) return [];
      const meanMs = ((now.sumsMs[bucket] ?? 0) - (before?.sumsMs[bucket] ?? 0)) / times;
      return [{ seconds: within(meanMs, bucket, now.upToMs) / 1000, times }];
    });
  }
}

/** A mean that was rounded may lie a hair outside of its bucket. */
function within(ms: number, bucket: number, upToMs: readonly number[]): number {
  const above = upToMs[bucket - 1];
  const least = above === undefined ? 0 : above * (1 + 1e-9);
  return Math.max(least, Math.min(ms, upToMs[bucket] ?? Infinity));
}
