import { describe, expect, it } from 'vitest';
import type { CandleReader } from '../../../src/feed/rest/candle-reader.ts';
import { SeriesGrid } from '../../../src/feed/series/series-grid.ts';
import { FakeMarket } from '../../support/fake-market.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { of } from 'rxjs';
import { candle } from '../../support/candle.ts';

const DAY = 86_400_000;

describe('the grid of a series', () => {
  it('is known for all intervals that have one of their own', () => {
    const grid = new SeriesGrid('1h');
    expect(grid.isKnown).toBe(true);
    expect([grid.at(5_400_000), grid.after(5_400_000), grid.after(7_200_000)]).toEqual([
      3_600_000, 7_200_000, 10_800_000,
    ]);
  });

  it.each([
    ['1h', false],
    ['30m', true],
  ] as const)('of %s has to be proven where a venue may have one of its own: %s', (interval, isKnown) => {
    const venue = { id: 'ccxt:kraken', intervals: ['30m', '1h'], grids: 'unproven' } as const;
    expect(new SeriesGrid(interval, venue).isKnown).toBe(isKnown);
  });

  it('of 3d is learnt from the exchange first', () => {
    const clock = new VirtualClock();
    const market = new FakeMarket(clock);
    const grid = new SeriesGrid('3d');
    expect(grid.isKnown).toBe(false);
    expect(() => grid.at(0)).toThrow(RangeError);
    const newest = candle(0, { interval: '3d', timestamp: 7 * DAY });
    const reader = { newest$: () => of([newest]) } as unknown as CandleReader;
    const learnt: unknown[] = [];
    grid
      .learn$({ reader, now: () => market.now(), scheduler: clock, patiently$: (question$) => question$ })
      .subscribe(() => learnt.push(grid.isKnown));
    expect(learnt).toEqual([true]);
    expect([grid.at(9 * DAY), grid.after(9 * DAY)]).toEqual([7 * DAY, 10 * DAY]);
  });
});
