import { concat, filter, lastValueFrom, NEVER, of, BehaviorSubject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { CandleFile } from '../../../src/cli/history/candle-file.ts';
import { download$ } from '../../../src/cli/history/download.ts';
import type { Candle, Feed } from '../../../src/index.ts';
import { candle } from '../../support/candle.ts';

const [one, two] = [candle(1), candle(2)];
const other = candle(1, { symbol: 'ETHUSDT' });

describe('download$', () => {
  it('stops within the series whose turn it is, whatever of others has been read meanwhile', async () => {
    const isStopped$ = new BehaviorSubject(false);
    const written: Candle[] = [];
    const read: string[] = [];
    const feed = {
      history$: (symbol: string) => {
        read.push(symbol);
        return symbol === 'ETHUSDT' ? of(other) : concat(of(one, two), NEVER);
      },
    } as unknown as Feed;
    const append = (candles: readonly Candle[]): Promise<void> => {
      written.push(...candles);
      isStopped$.next(true);
      return Promise.resolve();
    };
    const file = { append } as CandleFile;
    const parts = [one, other].map((first) => ({ wanted: first, first, from: 0, isWhole: false }));
    const stopped$ = isStopped$.pipe(filter((isStopped) => isStopped));
    let count = 0;
    const onRead = (): void => void (count += 1);
    await lastValueFrom(download$(feed, parts, { path: 'a.csv', file, to: 600_000, stopped$, onRead }));
    expect([read, count]).toEqual([['BTCUSDT', 'ETHUSDT'], 3]);
    expect(written).toEqual([one, two]);
  });
});
