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
    counts: summed(first.counts, second.counts),
    reconnects: summed(first.reconnects, second.reconnects),
    lastDataAt: latest(first.lastDataAt, second.lastDataAt),
  };
}

/** The counts of both, name by name. */
function summed<T extends Readonly<Record<string, number>>>(first: T, second: T): T {
  const sum: Record<string, number> = { ...first };
  for (const [name, count] of Object.entries(second)) sum[name] = (sum[name] ?? 0) + count;
  return sum as T;
}

function latest(first: number | undefined, second: number | undefined): number | undefined {
  return first === undefined || second === undefined ? (first ?? second) : Math.max(first, second);
}
