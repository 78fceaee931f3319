/** Something that may be done at once, then only after a pause that doubles each time. */
export interface GrowingPause {
  /** How long to wait until it may be done, ms; 0 when it may be done now. */
  waitMs(now: number): number;
  /** It was done. */
  take(now: number): void;
  /** The next time is the first again. */
  reset(): void;
}

/**
 * @param firstMs - pause after the first time, ms
 * @param maxMs - upper bound of every pause; after that long without a use the count starts anew
 */
export function growingPause(firstMs: number, maxMs: number): GrowingPause {
  let times = 0;
  let last = -Infinity;
  const pauseMs = (): number => (times === 0 ? 0 : Math.min(maxMs, firstMs * 2 ** (times - 1)));
  return {
    waitMs: (now) => Math.max(0, last + pauseMs() - now),
    take(now) {
      times = now - last > 2 * maxMs ? 1 : times + 1;
      last = now;
    },
    reset() {
      times = 0;
      last = -Infinity;
    },
  };
}
