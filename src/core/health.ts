import type { VenueId } from './candle.ts';
import type { Interval } from './interval.ts';
import type { FeedStatus, SeriesStatus, WaitStatus } from './status.ts';

/** A series that is later than it may be; without a name, a feed that cannot begin any. */
export interface LateSeries {
  readonly symbol?: string;
  readonly interval?: Interval;
  readonly lateMs: number;
  /** For people, with the cause where it is known: `REST: network: connect ECONNREFUSED 127.0.0.1:443`. */
  readonly reason: string;
}

/** Whether a feed does its work. */
export interface Health {
  /** Open, and no series is late. */
  readonly healthy: boolean;
  readonly venue: VenueId;
  /** How many are subscribed to. */
  readonly series: number;
  readonly late: readonly LateSeries[];
}

/**
 * Whether every series is as late as it may be: the next candle has been over for no longer than `lateAfterMs`, and no page
 * of its past has been waited for longer than ten seconds. The symbol of a series may be paused at the exchange: then it is
 * not late. A feed without series is healthy.
 */
export function healthOf(status: FeedStatus): Health {
  const { closed, venue, series, waits } = status;
  const unnamed = series.length === 0 ? waits.map(({ waitedMs, ...wait }) => ({ lateMs: waitedMs, reason: textOf(wait) })) : []; // prettier-ignore
  const late = [...series.flatMap((one) => lateOf(one, status)), ...unnamed];
  return { healthy: !closed && late.length === 0, venue, series: series.length, late };
}

function lateOf(series: SeriesStatus, { lateAfterMs, waits }: FeedStatus): readonly LateSeries[] {
  const { symbol, interval, phase, lateMs, reason } = series;
  if (phase === 'paused') return [];
  const own = waits.find((wait) => wait.symbol === symbol && wait.interval === interval);
  if (lateMs > lateAfterMs) return [{ symbol, interval, lateMs, reason: reason ?? whyNot(own ?? waits.find(isOfAll)) }];
  return own === undefined ? [] : [{ symbol, interval, lateMs: own.waitedMs, reason: textOf(own) }];
}

const isOfAll = ({ symbol }: WaitStatus): boolean => symbol === undefined;

function whyNot(wait: WaitStatus | undefined): string {
  return wait === undefined ? 'it has not begun' : textOf(wait);
}

function textOf({ what, reason }: Pick<WaitStatus, 'what' | 'reason'>): string {
  return `waiting for the ${what}: ${reason}`;
}
