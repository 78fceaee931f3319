/** An action that is allowed immediately the first time, then only after a pause that doubles each time. */
export interface Cooldown {
  /** Time until the action is allowed, ms; 0 if it is allowed now. */
  waitMs(now: number): number;
  /** Records that the action was taken. */
  take(now: number): void;
  /** Starts over. */
  reset(): void;
}

/**
 * @param firstMs - pause after the first time, ms
 * @param maxMs - upper bound of each pause, ms; after twice that long without a use the count starts over
 */
export function cooldown(firstMs: number, maxMs: number): Cooldown {
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
