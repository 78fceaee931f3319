import type { LiveStatus } from './feed-stats.ts';
import type { CandleFeedParts, FeedWiring } from './wiring.ts';

type LocalTime = Pick<CandleFeedParts, 'scheduler' | 'wallClockNow'>;

/** The part of the status that the stream and the clock know. */
export function liveStatusOf(
  { stream, seriesContext: { clock } }: FeedWiring,
  { scheduler, wallClockNow }: LocalTime,
): LiveStatus {
  const { connections, topics, redundant, reconnects, lastDataAt, framesDecodedInFull } = stream.snapshot();
  const exchangeAt = (local: number) => (clock.known ? Math.round(clock.exchangeAt(local)) : null);
  const now = exchangeAt(scheduler.now());
  return {
    connections,
    streams: topics,
    redundant,
    reconnects,
    framesDecodedInFull,
    lastDataAt: lastDataAt === undefined ? null : exchangeAt(lastDataAt),
    clockOffsetMs: now === null ? null : now - wallClockNow(),
  };
}
