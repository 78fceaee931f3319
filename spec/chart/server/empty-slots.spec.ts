import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptySlots, WIDEST_HOLE, withEmptySlots } from '../../../src/chart/server/empty-slots.ts';
import { toChartCandle } from '../../../src/chart/server/batch.ts';
import { candle } from '../../support/candle.ts';

const MINUTE = 60_000;
const closed = (minute: number) => toChartCandle({ ...candle(minute), closed: true });
const running = (minute: number) => toChartCandle({ ...candle(minute), closed: false });
const slot = (minute: number, hole: 'missing' | 'fetching') => ({ timestamp: minute * MINUTE, hole });

describe('empty slots', () => {
  it('stand for candles that the exchange lacks, and before a running one for those that may still come', () => {
    expect(withEmptySlots([closed(1), closed(4), running(6)], '1m')).toEqual([
      closed(1),
      slot(2, 'missing'),
      slot(3, 'missing'),
      closed(4),
      slot(5, 'fetching'),
      running(6),
    ]);
    expect(withEmptySlots([closed(4)], '1m', 2 * MINUTE)).toEqual([slot(3, 'missing'), closed(4)]);
  });

  it('lie on the grid, also behind a candle that does not', () => {
    const cutShort = toChartCandle({ ...candle(1, { timestamp: MINUTE + 20_000 }), closed: true });
    expect(withEmptySlots([cutShort, closed(3)], '1m')).toEqual([cutShort, slot(2, 'missing'), closed(3)]);
  });

  it('make of any candles a row without gaps', () => {
    const minutes = fc.uniqueArray(fc.nat({ max: 200 }), { minLength: 1 }).map((all) => all.sort((a, b) => a - b));
    fc.assert(fc.property(minutes, (given) => {
      const times = withEmptySlots(given.map(closed), '1m').map(({ timestamp }) => timestamp / MINUTE);
      const [first = 0, last = 0] = [given[0], given.at(-1)];
      expect(times).toEqual(Array.from({ length: last - first + 1 }, (_, index) => first + index));
    })); // prettier-ignore
  });

  it('do not fill the page where the exchange paused for months', () => {
    const slots = emptySlots({ after: 0, before: 1e5 * MINUTE, why: 'missing' }, '1m');
    expect([slots.length, slots.at(-1)?.timestamp]).toEqual([WIDEST_HOLE, (1e5 - 1) * MINUTE]);
  });
});
