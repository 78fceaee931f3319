/** At most `limit` uses in any `windowMs`, in bursts as they come, not at a fixed rate. */
export interface SlidingWindow {
  /** How long to wait until one more use keeps the limit, ms; 0 when it does now. `reserve` uses are left for others. */
  waitMs(now: number, reserve?: number): number;
  /** Counts one use. */
  take(now: number): void;
}

export function slidingWindow(limit: number, windowMs: number): SlidingWindow {
  const uses: number[] = [];
  const forget = (now: number): void => {
    while (uses[0] !== undefined && uses[0] + windowMs <= now) uses.shift();
  };
  return {
    waitMs(now, reserve = 0) {
      forget(now);
      const blocking = uses[uses.length - Math.max(1, limit - reserve)];
      return blocking === undefined ? 0 : blocking + windowMs - now;
    },
    take(now) {
      forget(now);
      uses.push(now);
    },
  };
}
