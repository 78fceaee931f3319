import type { ConnectRateLimiter } from './connection/connect-rate-limiter.ts';
import type { Wait, Waits } from './waits.ts';

/** A connection that had to wait asks again when its time has come; one that does not is no longer wanted. */
const LATE_MS = 1000;

/** The same limiter, publishing long waits for a turn. Waits of planned rotations are not published. */
export function announcedConnects(connects: ConnectRateLimiter, waits: Waits): ConnectRateLimiter {
  let wait: Wait | undefined;
  let until = -Infinity;

  function holdBack(now: number, ms: number): void {
    if (wait?.isOver !== false) {
      wait = waits.begin({ what: 'connections' });
      wait.because('the exchange allows no further attempt to connect yet');
    }
    until = Math.max(until, now + ms);
    wait.lapseAt(until + LATE_MS);
  }

  return {
    waitMs(now, planned = false) {
      const ms = connects.waitMs(now, planned);
      if (ms > 0 && !planned) holdBack(now, ms);
      else if (now >= until) wait?.end();
      return ms;
    },
    take(now) {
      connects.take(now);
    },
    holdUntil(time) {
      connects.holdUntil(time);
    },
  };
}
