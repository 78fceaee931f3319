import { defer, from, lastValueFrom, map, of, range, throwError, toArray, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { sideBySide$ } from '../../../src/cli/history/side-by-side.ts';
import type { Candle } from '../../../src/index.ts';
import { candle } from '../../support/candle.ts';
import { marbles } from '../../support/marbles.ts';

const named = (_part: string, candles$: Observable<Candle>) => candles$;
const values = { a: candle(1), b: candle(2), c: candle(3), d: candle(4) };

describe('sideBySide$', () => {
  marbles('reads at the same time, and gives one after another', ({ cold, expectObservable, expectSubscriptions }) => {
    const first = cold(' ----a----b|', values);
    const second = cold('-c--d|', values);
    const parts: Record<string, Observable<Candle>> = { first, second };
    const both$ = sideBySide$(['first', 'second'], { read$: (part) => parts[part] ?? from([]), use$: named });
    expectObservable(both$).toBe('       ----a----b(cd|)', values);
    expectSubscriptions(first.subscriptions).toBe('^---------!');
    expectSubscriptions(second.subscriptions).toBe('^----!');
  });

  marbles('ends every read when nobody listens any more', ({ cold, expectObservable, expectSubscriptions }) => {
    const [first, second] = [cold('----a', values), cold('-c--d', values)];
    const both$ = sideBySide$([first, second], { read$: (part) => part, use$: (_, candles$) => candles$ });
    expectObservable(both$, '       ^------!').toBe('----a', values);
    expectSubscriptions(first.subscriptions).toBe(' ^------!');
    expectSubscriptions(second.subscriptions).toBe('^------!');
  });

  marbles('has six on the way, and begins another when one is done', ({ cold, expectObservable }) => {
    const begun: number[] = [];
    const read$ = (part: number) => {
      begun.push(part);
      return cold('10ms (a|)', values);
    };
    const parts = [0, 1, 2, 3, 4, 5, 6, 7];
    const use$ = (_: number, candles$: Observable<Candle>) => candles$.pipe(map(() => begun.length));
    expectObservable(sideBySide$(parts, { read$, use$ })).toBe('10ms (abcccc)--(cc|)', { a: 6, b: 7, c: 8 });
  });

  marbles('tries again, in its turn, what failed before it', ({ cold, expectObservable }) => {
    let attempts = 0;
    const failsOnce$ = defer(() => (++attempts === 1 ? throwError(() => new Error('no')) : of(values.c)));
    const read$ = (part: string): Observable<Candle> => (part === 'first' ? cold('---(a|)', values) : failsOnce$);
    expectObservable(sideBySide$(['first', 'second'], { read$, use$: named })).toBe('---(ac|)', values);
  });

  it('keeps a month of minutes of what has to wait, and reads the others in their turn', async () => {
    const reads: string[] = [];
    const read$ = (part: string, after?: Candle): Observable<Candle> => {
      const begin = after === undefined ? 0 : after.timestamp + 1;
      reads.push(`${part} from ${begin}`);
      return range(begin, 46_000 - begin).pipe(map((timestamp) => ({ ...values.a, timestamp })));
    };
    const both$ = sideBySide$(['first', 'second'], { read$, use$: named });
    const got = await lastValueFrom(
      both$.pipe(
        map(({ timestamp }) => timestamp),
        toArray(),
      ),
    );
    const each = [...Array(46_000).keys()];
    expect(got.join()).toBe([...each, ...each].join());
    expect(reads).toEqual(['first from 0', 'second from 0', 'first from 45000', 'second from 45000']);
  });
});
