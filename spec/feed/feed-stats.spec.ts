import { describe, expect, it } from 'vitest';
import type { FeedStatus } from '../../src/core/status.ts';
import { FeedStats, type LiveStatus } from '../../src/feed/feed-stats.ts';
import { NO_REQUESTS } from '../../src/feed/rest/request-counter.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const LIVE: LiveStatus = {
  venue: 'binance-spot', connections: 1, streams: 2, redundant: 0, reconnects: {}, clockOffsetMs: 7, lastDataAt: null,
  framesReceived: 0, framesRejected: 0, framesDecodedInFull: 0, series: [], lateAfterMs: 0, waits: [], rest: NO_REQUESTS,
}; // prettier-ignore

function watched(stats = new FeedStats()) {
  const clock = new VirtualClock();
  const seen: { at: number; status: FeedStatus }[] = [];
  let asked = 0;
  let completed = false;
  const live = () => {
    asked += 1;
    return { ...LIVE, streams: asked };
  };
  const subscription = stats.status$(live, clock).subscribe({
    next: (status) => seen.push({ at: clock.now(), status }),
    complete: () => (completed = true),
  });
  const isCompleted = () => completed;
  return { stats, clock, seen, subscription, isCompleted, times: () => seen.map(({ at }) => at), asked: () => asked };
}

describe('the status', () => {
  it('is told at once, as it is, to everybody who comes', () => {
    const stats = new FeedStats();
    stats.rescued = 3;
    const { seen } = watched(stats);
    expect(seen).toEqual([
      { at: 0, status: expect.objectContaining({ rescued: 3, closed: false, clockOffsetMs: 7 }) as unknown },
    ]);
    expect(watched(stats).seen).toHaveLength(1);
  });

  it('is told after changes, at most ten times a second, the last change always', () => {
    const { stats, clock, seen, times } = watched();
    for (let n = 1; n <= 250; n += 1) {
      clock.advance(1);
      stats.rescued = n;
      stats.changed();
    }
    clock.advance(1000);
    expect(times()).toEqual([0, 1, 101, 201, 301]);
    expect(seen.at(-1)?.status.rescued).toBe(250);
  });

  it('costs nothing while nobody watches', () => {
    const { stats, subscription, asked } = watched();
    subscription.unsubscribe();
    stats.changed();
    expect(asked()).toBe(1);
  });

  it('ends with the feed at once, as closed', () => {
    const { stats, seen, isCompleted } = watched();
    stats.changed();
    stats.changed();
    stats.close();
    expect(seen.at(-1)?.status.closed).toBe(true);
    expect(isCompleted()).toBe(true);
  });

  it('of a closed feed is still told, once', () => {
    const stats = new FeedStats();
    stats.close();
    const { seen, isCompleted } = watched(stats);
    expect(seen.map(({ status }) => status.closed)).toEqual([true]);
    expect(isCompleted()).toBe(true);
  });

  it('is a picture that later counting does not change', () => {
    const { stats, seen } = watched();
    stats.candles.stream += 1;
    stats.countDelay(0);
    expect(seen[0]?.status.candles.stream).toBe(0);
    expect(seen[0]?.status.closeToEmitMs.counts.every((count) => count === 0)).toBe(true);
  });
});

describe('delays', () => {
  it.each([
    [0, 10],
    [10, 10],
    [11, 50],
    [2000, 2000],
    [60_000, 60_000],
    [60_001, undefined],
    // Our clock is a little behind the exchange's.
    [-5, 10],
  ])('of %d ms are counted up to %s', (late, upTo) => {
    const { stats, seen } = watched();
    stats.countDelay(late);
    stats.close();
    const { upToMs = [], counts = [], sumsMs = [] } = seen.at(-1)?.status.closeToEmitMs ?? {};
    expect(counts).toHaveLength(upToMs.length + 1);
    expect(upToMs[counts.indexOf(1)]).toBe(upTo);
    expect(sumsMs[counts.indexOf(1)]).toBe(Math.max(0, late));
  });
});

it('tells of a handler that is slower than all before', () => {
  const { stats, clock, seen } = watched();
  for (const ms of [3, 20, 5]) {
    stats.countHandler(ms);
    clock.advance(1000);
  }
  expect(seen.map(({ status }) => status.slowestHandlerMs)).toEqual([0, 3, 20]);
});

it('sums up the time spent in handlers, and knows the longest', () => {
  const stats = new FeedStats();
  for (const ms of [3, 20, 1]) stats.countHandler(ms);
  expect(stats).toMatchObject({ handlerMs: 24, slowestHandlerMs: 20 });
});
