import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBar } from '../../../src/chart/page/bars.ts';
import { closeBefore, lastCandle, markOf, merge } from '../../../src/chart/page/book.ts';
import { toChartCandle } from '../../../src/chart/server/batch.ts';
import type { EmptySlot, Point } from '../../../src/chart/wire.ts';
import { candle } from '../../support/candle.ts';

const MINUTE = 60_000;
const closed = (minute: number, changes = {}) => toChartCandle({ ...candle(minute, changes), closed: true });
const running = (minute: number, close = 1) => toChartCandle({ ...candle(minute, { close }), closed: false });
const slot = (minute: number, hole: EmptySlot['hole'] = 'fetching'): EmptySlot => ({
  timestamp: minute * MINUTE,
  hole,
});

describe('the book of a series', () => {
  it('heals a gap in its place', () => {
    const { points } = merge([closed(1)], [slot(2), running(3)]);
    const healed = merge(points, [closed(2, { source: 'backfill' })]);
    expect(healed).toEqual({ points: [closed(1), closed(2, { source: 'backfill' }), running(3)], changed: [1] });
  });

  it.each<readonly [string, Point, Point, boolean]>([
    ['a close ends the updates', running(2), closed(2), true],
    ['an update replaces one before', running(2), running(2, 9), true],
    ['an update after the close is too late', closed(2), running(2), false],
    ['a slot does not undo a close', closed(2), slot(2, 'missing'), false],
    ['a slot that is fetched does not undo an update', running(2), slot(2), false],
    ['a candle that the exchange lacks in the end is gone', running(2), slot(2, 'missing'), true],
    ['a slot that was fetched is missing in the end', slot(2), slot(2, 'missing'), true],
    ['the same slot again is no news', slot(2), slot(2), false],
  ])('%s', (_, known, point, replaces) => {
    expect(merge([known], [point])).toEqual(
      replaces ? { points: [point], changed: [0] } : { points: [known], changed: [] },
    );
  });

  it('says that all must be drawn again where points come before others', () => {
    expect(merge([closed(5)], [closed(3), closed(4)])).toEqual({
      points: [closed(3), closed(4), closed(5)],
      changed: 'all',
    });
  });

  it('is in order and has each time once, however its candles came', () => {
    const minutes = fc.array(fc.nat({ max: 30 }), { maxLength: 40 });
    fc.assert(fc.property(fc.array(minutes, { maxLength: 5 }), (batches) => {
      const book = batches.reduce<readonly Point[]>((points, batch) => merge(points, batch.map((at) => closed(at))).points, []);
      const times = book.map(({ timestamp }) => timestamp);
      expect(times).toEqual([...new Set(batches.flat())].sort((a, b) => a - b).map((minute) => minute * MINUTE));
    })); // prettier-ignore
  });

  it('knows its newest candle, how far it has closed, and the close before', () => {
    const points = [closed(1), closed(2), slot(3), running(4)];
    expect([lastCandle(points), markOf(points)]).toEqual([running(4), 2 * MINUTE]);
    expect(closeBefore(points, 4 * MINUTE)).toBe(closed(2).close);
    expect([lastCandle([]), markOf([slot(1)]), closeBefore(points, MINUTE)]).toEqual([undefined, undefined, undefined]);
  });
});

it('is drawn in seconds, with a free place for what is not there', () => {
  expect(toBar(closed(2))).toEqual({ time: 120, open: 102, high: 104, low: 101, close: 103 });
  expect(toBar(slot(2))).toEqual({ time: 120 });
});
