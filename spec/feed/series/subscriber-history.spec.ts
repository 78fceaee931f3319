import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FeedRig } from '../../support/feed-rig.ts';
import { STARTS_AT, traded } from '../../support/fake-market.ts';

const MINUTE = 60_000;
const range = (from: number, before: number) => Array.from({ length: before - from }, (_, n) => from + n);

describe('history', () => {
  it.each([1, 2, 500, 700])('of %d candles goes over into live ones with no seam', (history) => {
    const rig = new FeedRig();
    const { seen } = rig.watch('BTCUSDT', { history });
    rig.run(3 * MINUTE);
    expect(seen.minutes).toEqual(range(1000 - history, 1003));
    expect(seen.sources).toEqual([...range(0, history).map(() => 'history'), 'stream', 'stream', 'stream']);
    expect(seen.candles.map((candle) => ({ ...candle, source: 'stream' }))).toEqual(
      range(1000 - history, 1003).map((minute) => traded(minute)),
    );
  });

  it('of none is a live subscription', () => {
    const rig = new FeedRig();
    const { seen } = rig.watch('BTCUSDT', { history: 0 });
    rig.run(MINUTE);
    expect(seen.minutes).toEqual([1000]);
    expect(rig.market.count('klines')).toBe(0);
  });
});

describe('since', () => {
  it.each<[string, number, number]>([
    ['an open time gives what came after it', 997 * MINUTE, 998],
    ['a time within a candle gives what opened after it', 997 * MINUTE + 1, 998],
    ['a Date as well', 997 * MINUTE + 59_999, 998],
    ['the running candle’s open time gives the next one', 1000 * MINUTE, 1001],
    ['now gives the next one', STARTS_AT, 1001],
    ['later gives nothing before then', 1001 * MINUTE + 5, 1002],
    ['the beginning of time gives everything', 0, 1],
  ])('%s', (_, since, first) => {
    const rig = new FeedRig();
    const { seen } = rig.watch('BTCUSDT', { since: since % 2 === 0 ? since : new Date(since) });
    rig.run(3 * MINUTE);
    expect(seen.minutes).toEqual(range(first, 1003));
  });

  it('the last candle that was handled goes on after a restart without loss or repeat', () => {
    const times = fc.array(fc.integer({ min: 1000, max: 200_000 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(times, (pauses) => {
        const rig = new FeedRig();
        const handled: number[] = [];
        let since = 990 * MINUTE;
        for (const pause of pauses) {
          const { seen, subscription } = rig.watch('BTCUSDT', { since });
          rig.run(pause);
          subscription.unsubscribe();
          handled.push(...seen.minutes);
          since = (handled.at(-1) ?? 990) * MINUTE;
          rig.run(pause / 2);
        }
        expect(handled).toEqual(range(991, 991 + handled.length));
      }),
      { numRuns: 20 },
    );
  });
});

it('of one subscription waits, while live ones of the same series go on', () => {
  const rig = new FeedRig();
  const live = rig.watch();
  rig.run(1000);
  rig.market.latencyMs = 70_000;
  const past = rig.watch('BTCUSDT', { history: 2 });
  rig.run(2 * MINUTE);
  expect(live.seen.minutes).toEqual([1000, 1001]);
  rig.run(4 * MINUTE);
  expect(past.seen.minutes).toEqual(range(998, 1006));
});
