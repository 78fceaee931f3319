import { TELL_EVERY_MS } from '../core/events.ts';
import type { SeriesStatus } from '../core/status.ts';
import type { LiveStatus } from './feed-stats.ts';
import { NO_REQUESTS } from './rest/request-counter.ts';
import type { CandleFeedParts, FeedWiring } from './wiring.ts';

type OwnParts = Pick<CandleFeedParts, 'scheduler' | 'wallClockNow' | 'graceMs'>;

/** What the parts of a feed know of themselves now. */
export function liveStatusOf(
  { stream, rest, seriesContext }: FeedWiring,
  { scheduler, wallClockNow, graceMs }: OwnParts,
  series: readonly SeriesStatus[],
): LiveStatus {
  const { clock, waits, venue } = seriesContext;
  const { connections, topics, redundant, reconnects, counts, lastDataAt } = stream.snapshot();
  const exchangeAt = (local: number) => (clock.known ? Math.round(clock.exchangeAt(local)) : null);
  const now = exchangeAt(scheduler.now());
  return {
    venue: venue.id,
    connections,
    streams: topics,
    redundant,
    reconnects,
    ...counts,
    lastDataAt: lastDataAt === undefined ? null : exchangeAt(lastDataAt),
    clockOffsetMs: now === null ? null : now - wallClockNow(),
    series,
    lateAfterMs: graceMs + TELL_EVERY_MS,
    waits: waits.overdue,
    rest: rest.use?.() ?? NO_REQUESTS,
  };
}
