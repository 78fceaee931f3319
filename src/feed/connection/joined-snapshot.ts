import type { DisconnectReason } from '../../core/events.ts';
import type { StreamSnapshot } from '../../ports/candle-stream.ts';

/**
 * The statistics of two lines as those of one stream.
 *
 * @param live - topics that at least one of them carries
 */
export function joinedSnapshot(first: StreamSnapshot, second: StreamSnapshot, live: number): StreamSnapshot {
  return {
    connections: first.connections + second.connections,
    // Both are asked for the same, but for a series that is being begun or begun anew on one of them.
    topics: Math.max(first.topics, second.topics),
    live,
    redundant: first.live + second.live - live,
    frames: first.frames + second.frames,
    closes: first.closes + second.closes,
    rejectedFrames: first.rejectedFrames + second.rejectedFrames,
    framesDecodedInFull: first.framesDecodedInFull + second.framesDecodedInFull,
    reconnects: joinedCounts(first.reconnects, second.reconnects),
    lastDataAt: latest(first.lastDataAt, second.lastDataAt),
  };
}

type Reconnects = StreamSnapshot['reconnects'];

function joinedCounts(first: Reconnects, second: Reconnects): Reconnects {
  const counts: Partial<Record<DisconnectReason, number>> = { ...first };
  for (const [reason, count] of Object.entries(second) as [DisconnectReason, number][])
    counts[reason] = (counts[reason] ?? 0) + count;
  return counts;
}

function latest(first: number | undefined, second: number | undefined): number | undefined {
  return first === undefined || second === undefined ? (first ?? second) : Math.max(first, second);
}
