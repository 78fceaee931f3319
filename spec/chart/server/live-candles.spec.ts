import { EMPTY, NEVER } from 'rxjs';
import { describe } from 'vitest';
import { liveCandles$, type ChartFeed } from '../../../src/chart/server/live-candles.ts';
import { candle } from '../../support/candle.ts';
import { marbles } from '../../support/marbles.ts';

const running = (minute: number) => ({ ...candle(minute), closed: false });
const values = { a: running(1), b: running(2) };
const gap = { g: { symbol: 'BTCUSDT', interval: '1m' } };

describe('liveCandles$', () => {
  marbles('shows the candle that is running behind a gap, and the next one when it has closed', (helpers) => {
    const { cold, hot, expectObservable } = helpers;
    const opened = hot('--g', gap);
    const filled = hot('-- 3s g', gap);
    const runs = [cold('a 599ms a', values), cold('b 499ms b 499ms b 499ms b', values)];
    const feed = {
      candles$: (_symbol: string, _interval: string, options?: unknown) =>
        options === undefined ? (runs.shift() ?? EMPTY) : NEVER,
      bus: { on: (type: string) => (type === 'GAP_OPENED' ? opened : filled) },
    } as unknown as ChartFeed;
    const shown$ = liveCandles$(feed, { symbol: 'BTCUSDT', interval: '1m' }, 10);
    expectObservable(shown$, '5s !').toBe('--a 599ms a 999ms b 499ms b 499ms b', values);
  });
});
