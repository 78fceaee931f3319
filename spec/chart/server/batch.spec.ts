import { describe, expect, it } from 'vitest';
import { nextBatch, nothingSent, toChartCandle } from '../../../src/chart/server/batch.ts';
import type { LiveCandle } from '../../../src/chart/server/lengthen.ts';
import { candle } from '../../support/candle.ts';

const MINUTE = 60_000;
const closed = (minute: number): LiveCandle => ({ ...candle(minute), closed: true });
const running = (minute: number, close = 1): LiveCandle => ({ ...candle(minute, { close }), closed: false });
const minutesOf = (points: readonly { readonly timestamp: number }[]) =>
  points.map(({ timestamp }) => timestamp / MINUTE);

describe('what a page is sent', () => {
  it('is everything at first, and the newest of the running candle', () => {
    const first = nextBatch(nothingSent(undefined), [closed(1), closed(2), running(3, 5), running(3, 6)], '1m');
    expect(first).toMatchObject({ restart: true, mark: 2 * MINUTE });
    expect(first.points).toEqual([closed(1), closed(2), running(3, 6)].map(toChartCandle));
    const second = nextBatch(first, [closed(3), running(4)], '1m');
    expect(second).toMatchObject({ restart: false, mark: 3 * MINUTE });
    expect(minutesOf(second.points)).toEqual([3, 4]);
  });

  it('goes on behind the mark of a page that comes again', () => {
    const sent = nextBatch(nothingSent(2 * MINUTE), [closed(1), closed(2), closed(3)], '1m');
    expect([sent.restart, minutesOf(sent.points)]).toEqual([false, [3]]);
  });

  it('begins anew where candles between the mark and the first at hand are lost', () => {
    expect(nextBatch(nothingSent(2 * MINUTE), [closed(3)], '1m').restart).toBe(false);
    const sent = nextBatch(nothingSent(2 * MINUTE), [closed(4), closed(5)], '1m');
    expect([sent.restart, minutesOf(sent.points)]).toEqual([true, [4, 5]]);
  });

  it('repeats nothing', () => {
    const first = nextBatch(nothingSent(undefined), [closed(1), closed(2)], '1m');
    expect(nextBatch(first, [closed(1), closed(2), running(2)], '1m').points).toEqual([]);
  });
});
