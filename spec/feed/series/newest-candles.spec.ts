import { of } from 'rxjs';
import { expect, it } from 'vitest';
import type { CandleReader } from '../../../src/feed/rest/candle-reader.ts';
import type { SeriesContext } from '../../../src/feed/series/series-context.ts';
import { newestCandles } from '../../../src/feed/series/newest-candles.ts';
import { patientlyOn } from '../../support/fake-market.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

it('brings together what questions about one series need, asked patiently in its name', () => {
  const scheduler = new VirtualClock();
  const asked: unknown[] = [];
  const waits = {
    patiently: (what: string, { symbol, interval }: { symbol: string; interval: string }) => {
      asked.push([what, symbol, interval]);
      return patientlyOn(scheduler);
    },
  };
  const reader = {} as CandleReader;
  const deps = { clock: { now: () => 4711 }, scheduler, waits } as unknown as SeriesContext;
  const newest = newestCandles({ symbol: 'BTCUSDT', interval: '3d' }, reader, deps);
  expect(asked).toEqual([['last candle', 'BTCUSDT', '3d']]);
  expect([newest.reader, newest.scheduler, newest.now()]).toEqual([reader, scheduler, 4711]);
  const got: number[] = [];
  newest.patiently$(of(7)).subscribe((answer) => got.push(answer));
  expect(got).toEqual([7]);
});
