import { describe, expect, it } from 'vitest';
import { FeedRig } from '../../support/feed-rig.ts';

const MINUTE = 60_000;

describe('one who subscribes', () => {
  it.each([
    ['nothing', undefined],
    ['no history', { history: 0 }],
  ])('and asks for %s is not kept waiting for a past', (_, options) => {
    const rig = new FeedRig();
    const { seen } = rig.watch('BTCUSDT', options);
    rig.run(2 * MINUTE);
    expect(seen.minutes).toEqual([1000, 1001]);
    expect(rig.market.count('klines')).toBe(0);
  });

  it('is given what he asked for of the past, and then what closes live', () => {
    const rig = new FeedRig();
    const [history, since, both] = [{ history: 2 }, { since: 996 * MINUTE }, { history: 2, since: 996 * MINUTE }].map(
      (options) => rig.watch('BTCUSDT', options).seen,
    );
    rig.run(MINUTE);
    expect(history?.minutes).toEqual([998, 999, 1000]);
    expect(since?.minutes).toEqual([997, 998, 999, 1000]);
    expect(both?.minutes).toEqual([995, 996, 997, 998, 999, 1000]);
    expect(both?.sources).toEqual(['history', 'history', 'backfill', 'backfill', 'backfill', 'stream']);
  });

  it('to a span of the past is given that alone', () => {
    const rig = new FeedRig();
    const minutes: number[] = [];
    let completed = false;
    rig.feed.history$('BTCUSDT', '1m', { from: Date.UTC(2009, 0, 1), to: Date.UTC(2010, 0, 1) }).subscribe({
      next: ({ timestamp }) => minutes.push(timestamp / MINUTE),
      complete: () => (completed = true),
    });
    rig.run(2 * MINUTE);
    expect([minutes, completed]).toEqual([[], true]);
    expect(rig.peer.sessions).toEqual([]);
  });
});
