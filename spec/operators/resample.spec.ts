import { from, map, NEVER, Observable, of, Subject, toArray, type ObservableNotification } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import type { Candle } from '../../src/core/candle.ts';
import { ResampleError } from '../../src/core/errors.ts';
import type { IncompleteBucket } from '../../src/core/resample.ts';
import type { ResampleInterval } from '../../src/core/custom-interval.ts';
import type { ResampleOptions } from '../../src/core/resample-options.ts';
import { resample } from '../../src/operators/resample.ts';
import { candle } from '../support/candle.ts';
import { marbles } from '../support/marbles.ts';

/** The candles of the minutes 0 to 9, each under its digit. */
const minutes = Object.fromEntries(Array.from({ length: 10 }, (_, minute) => [String(minute), candle(minute)]));

/** The whole three minutes that begin with minute 0, 3 or 6. */
const three = (minute: number): Candle =>
  candle(minute, {
    ...{ interval: '3m', closeTime: minute * 60_000 + 179_999, high: 104 + minute, close: 103 + minute },
    ...{ volume: 30, quoteVolume: 3000, trades: 21, takerBuyVolume: 12, takerBuyQuoteVolume: 1200 },
  });

const threes = { a: three(0), b: three(3), c: three(6) };

/** From the start of the day in New York on which summer time begins, each under a letter. */
const springHours = Object.fromEntries(
  Array.from({ length: 26 }, (_, hour) => [
    String.fromCharCode(97 + hour),
    candle(hour, { interval: '1h', timestamp: Date.UTC(2026, 2, 8, 5 + hour) }),
  ]),
);

/** How many parts the candles have that are made of them; each part has a volume of 10. */
function countParts(source$: Observable<Candle>, interval: ResampleInterval): Observable<number> {
  const options = { timeZone: 'America/New_York' };
  return source$.pipe(
    resample(interval, options),
    map(({ volume }) => volume / 10),
  );
}

function errorOf(interval: string, options?: ResampleOptions, source = candle(0)): unknown {
  let error: unknown;
  of(source)
    .pipe(resample(interval as ResampleInterval, options))
    .subscribe({ error: (reason: unknown) => (error = reason) });
  return error;
}

describe('resample', () => {
  marbles('emits each bucket with its last candle, not with the next one', ({ hot, expectObservable }) => {
    const source = hot(' --0-1-2-3-4-5--6-7-|', minutes);
    const result = '     ------a-----b------|';
    expectObservable(source.pipe(resample('3m'))).toBe(result, threes);
  });

  marbles('makes nothing of nothing', ({ cold, hot, expectObservable }) => {
    expectObservable(cold<Candle>('-').pipe(resample('3m'))).toBe('-');
    expectObservable(hot<Candle>('---|').pipe(resample('3m'))).toBe('---|');
    expectObservable(cold('-0-|', minutes).pipe(resample('3m'))).toBe('---|');
  });

  marbles('leaves out a bucket that the stream began inside', ({ hot, expectObservable }) => {
    const source = hot(' -1-2-3-4-5-|', minutes);
    const result = '     ---------b-|';
    expectObservable(source.pipe(resample('3m'))).toBe(result, threes);
  });

  marbles('leaves out a bucket with a hole, and joins nothing across it', ({ hot, expectObservable }) => {
    const source = hot(' -0-1-4-5-6-7-8-|', minutes);
    const result = '     -------------c-|';
    expectObservable(source.pipe(resample('3m'))).toBe(result, threes);
  });

  marbles('passes on the source’s error, and the bucket is gone', ({ hot, expectObservable }) => {
    const source = hot(' -0-1-2-3-4-#', minutes);
    const result = '     -----a-----#';
    expectObservable(source.pipe(resample('3m'))).toBe(result, threes);
  });

  marbles('lets go of the source when it is unsubscribed', ({ hot, expectObservable, expectSubscriptions }) => {
    const source = hot(' -0-1-2-3-4-5-', minutes);
    const leave = '      ^-------!';
    const result = '     -----a---';
    expectObservable(source.pipe(resample('3m')), leave).toBe(result, threes);
    expectSubscriptions(source.subscriptions).toBe(leave);
  });

  marbles('starts clean for each subscriber', ({ hot, expectObservable }) => {
    const result$ = hot('-0-1-2-3-4-5-6-7-8-', minutes).pipe(resample('3m'));
    expectObservable(result$).toBe('                -----a-----b-----c-', threes);
    expectObservable(result$, '---^').toBe('        -----------b-----c-', threes);
  });

  marbles(
    'lets go of the source at a second series, which is an error',
    ({ hot, expectObservable, expectSubscriptions }) => {
      const other = { ...minutes, x: candle(3, { symbol: 'ETHUSDT' }) };
      const source = hot(' -0-1-2-x-4-', other);
      const result = '     -----a-#';
      const error = new ResampleError(
        'resample takes one series at a time, and got binance-usdm BTCUSDT 1m and binance-usdm ETHUSDT 1m; group by series before it',
      );
      error.lastTimestamp = 0;
      expectObservable(source.pipe(resample('3m'))).toBe(result, threes, error);
      expectSubscriptions(source.subscriptions).toBe('^------!');
    },
  );

  it('gives warm, whole buckets from the first possible one: history, then live', () => {
    const history = Array.from({ length: 8 }, (_, index) => candle(index + 1, { source: 'history' }));
    const live = [9, 10, 11, 12, 13, 14].map((minute) => candle(minute));
    const seen: unknown[] = [];
    from([...history, ...live])
      .pipe(resample('3m'))
      .subscribe(({ timestamp, source }) => seen.push([timestamp / 60_000, source]));
    expect(seen).toEqual([
      [3, 'history'],
      [6, 'history'],
      [9, 'stream'],
      [12, 'stream'],
    ]);
  });

  it('takes what it made itself', () => {
    const source$ = from(Array.from({ length: 60 }, (_, minute) => candle(minute)));
    const direct: unknown[] = [];
    const stepped: unknown[] = [];
    source$.pipe(resample('21m'), toArray()).subscribe((all) => direct.push(...all));
    source$.pipe(resample('7m'), resample('21m'), toArray()).subscribe((all) => stepped.push(...all));
    expect(direct).toHaveLength(2);
    expect(stepped).toEqual(direct);
  });

  it('moves the grid of any interval to its anchor', () => {
    const start = Date.UTC(2026, 0, 1) / 60_000;
    const hours = Array.from({ length: 24 * 45 }, (_, hour) =>
      candle(start + hour * 60, { interval: '1h', closeTime: (start + hour * 60 + 60) * 60_000 - 1 }),
    );
    const opens = (interval: ResampleInterval, anchor: number) => {
      const seen: string[] = [];
      from(hours)
        .pipe(resample(interval, { anchor }))
        .subscribe(({ timestamp }) => seen.push(new Date(timestamp).toISOString().slice(0, 16)));
      return seen.slice(0, 2);
    };
    const anchor = Date.UTC(2025, 5, 10, 17);
    expect(opens('1d', anchor)).toEqual(['2026-01-01T17:00', '2026-01-02T17:00']);
    expect(opens('4h', anchor)).toEqual(['2026-01-01T01:00', '2026-01-01T05:00']);
    expect(opens('1w', anchor)).toEqual(['2026-01-06T17:00', '2026-01-13T17:00']);
    expect(opens('1M', anchor)).toEqual(['2026-01-10T17:00']);
    expect(opens('1d', 0)).toEqual(['2026-01-01T00:00', '2026-01-02T00:00']);
  });

  marbles('makes one candle of a day of 23 hours, with its last hour', ({ hot, expectObservable }) => {
    const source = hot(' -abcdefghijklmnopqrstuvwxyz', springHours);
    const days = '       -----------------------D---';
    const fours = '      ----F---F---F---F---F--L---';
    expectObservable(countParts(source, '1d')).toBe(days, { D: 23 });
    expectObservable(countParts(source, '4h')).toBe(fours, { F: 4, L: 3 });
  });

  marbles('is an error at the first candle where a day cannot be made of the source', ({ hot, expectObservable }) => {
    const source = hot(' --a-b-', springHours);
    const result$ = source.pipe(resample('1d', { timeZone: 'Asia/Kolkata' }));
    const words =
      'cannot make 1d out of 1h candles: a day of the time zone begins between two of them, now or after the clock changes; use shorter ones';
    expectObservable(result$).toBe('--#', {}, new ResampleError(words));
  });

  it('takes what it made on a grid that was moved', () => {
    const minutes$ = from(Array.from({ length: 400 }, (_, minute) => candle(29_000_000 + minute)));
    const anchor = 29_000_010 * 60_000;
    const seen: unknown[] = [];
    minutes$.pipe(resample('1h', { anchor }), resample('2h', { anchor })).subscribe((two) => seen.push(two.timestamp));
    expect(seen).toEqual([anchor, anchor + 7_200_000, anchor + 14_400_000]);
  });

  it('goes on rightly when a handler makes the source emit', () => {
    const source$ = new Subject<Candle>();
    const seen: number[] = [];
    source$.pipe(resample('3m')).subscribe(({ timestamp }) => {
      seen.push(timestamp / 60_000);
      if (seen.length === 1) [3, 4, 5].forEach((minute) => source$.next(candle(minute)));
    });
    [0, 1, 2].forEach((minute) => source$.next(candle(minute)));
    expect(seen).toEqual([0, 3]);
  });
});

describe('resample errors, and never throws, when', () => {
  it.each<[string, string, ResampleOptions | undefined, RegExp]>([
    ['the target is no interval', '0m', undefined, /^"0m" is no interval/],
    ['the target has no unit', '5', undefined, /^"5" is no interval/],
    ['the target is not whole', '1.5h', undefined, /^"1.5h" is no interval/],
    ['3d has no anchor', '3d', undefined, /^3d needs options\.anchor/],
    ['the anchor is in µs', '1d', { anchor: 1.764072e15 }, /^anchor must .* looks like µs: divide it by 1000$/],
    ['the anchor is in seconds', '1d', { anchor: 1.764072e9 }, /^anchor must .* looks like seconds/],
    [
      'an option is unknown',
      '5m',
      { ancor: 0 } as object,
      /^ancor is not an option of resample; the options are anchor/,
    ],
    ['options are none', '5m', '7m' as unknown as object, /^options must be an object/],
    ['onIncomplete is no function', '5m', { onIncomplete: true } as object, /^onIncomplete must be a function$/],
    [
      'months would begin on a day that February lacks',
      '1M',
      { anchor: Date.UTC(2026, 0, 31) },
      /^anchor must lie on one/,
    ],
    ['the anchor is no time', '7m', { anchor: NaN }, /^anchor must be a whole number of ms/],
    ['the target is shorter', '1s', undefined, /^cannot make 1s out of 1m candles: it is shorter/],
    ['the target is the source', '1m', undefined, /^cannot make 1m out of 1m candles: it has the same length/],
    [
      'the target is the source by another name',
      '60s',
      undefined,
      /^cannot make 60s out of 1m candles: it has the same/,
    ],
    ['the target is no multiple', '90s', undefined, /^cannot make 90s out of 1m candles: it is no whole multiple/],
    [
      'the anchor lies beside the source',
      '7m',
      { anchor: Date.UTC(2026, 0) + 30_000 },
      /^cannot make 7m out of 1m candles: its candles open/,
    ],
  ])('%s', (_, interval, options, message) => {
    const error = errorOf(interval, options);
    expect(error).toBeInstanceOf(ResampleError);
    expect(error).toMatchObject({ code: 'FEED_RESAMPLE', message: expect.stringMatching(message) as string });
  });

  it('the candles are in µs', () => {
    const error = errorOf('5m', undefined, { ...candle(0), timestamp: 1.764072e15 });
    expect(error).toBeInstanceOf(ResampleError);
    expect(error).toMatchObject({ message: expect.stringMatching(/looks like µs/) as string });
  });

  it('the interval is none, before the source is asked for anything', () => {
    const subscribed = vi.fn();
    new Observable<Candle>(subscribed).pipe(resample('3d')).subscribe({ error: () => undefined });
    expect(subscribed).not.toHaveBeenCalled();
  });
});

describe('onIncomplete', () => {
  const collector = () => {
    const seen: IncompleteBucket[] = [];
    return { seen, onIncomplete: (bucket: IncompleteBucket) => void seen.push(bucket) };
  };

  it('hears of each bucket that is not emitted, before anything later', () => {
    const seen: unknown[] = [];
    const options = {
      onIncomplete: ({ reason, timestamp }: IncompleteBucket) => seen.push(`${reason} ${timestamp / 60_000}`),
    };
    from([1, 2, 3, 4, 5, 7, 8, 12, 13, 14, 15].map((minute) => candle(minute)))
      .pipe(
        resample('3m', options),
        map(({ timestamp }) => `whole ${timestamp / 60_000}`),
      )
      .subscribe((text) => seen.push(text));
    expect(seen).toEqual(['started inside 0', 'whole 3', 'hole 6', 'hole 9', 'whole 12', 'ended inside 15']);
  });

  it('is told what is missing', () => {
    const options = collector();
    const { onIncomplete } = options;
    of(candle(0), candle(2), candle(3)).pipe(resample('3m', { onIncomplete })).subscribe();
    expect(options.seen[0]).toEqual({
      ...{ venue: 'binance-usdm', symbol: 'BTCUSDT', interval: '3m', timestamp: 0, closeTime: 179_999 },
      ...{ reason: 'hole', parts: 2, expected: 3 },
    });
  });

  it('is not told of the bucket in the making when the source errors or the subscriber leaves', () => {
    const options = collector();
    const source$ = new Subject<Candle>();
    const { onIncomplete } = options;
    source$.pipe(resample('3m', { onIncomplete })).subscribe({ error: () => undefined });
    source$.pipe(resample('3m', { onIncomplete })).subscribe().unsubscribe();
    source$.next(candle(0));
    source$.error(new Error('gone'));
    expect(options.seen).toEqual([]);
  });

  it.each([
    ['a hole', [0, 2, 3]],
    ['the end', [0]],
  ])('that throws at %s errors the stream', (_, given) => {
    const notes: ObservableNotification<never>[] = [];
    const onIncomplete = () => {
      throw new Error('full');
    };
    from(given.map((minute) => candle(minute)))
      .pipe(resample('3m', { onIncomplete }))
      .subscribe({
        error: (error: unknown) => notes.push({ kind: 'E', error }),
        complete: () => notes.push({ kind: 'C' }),
      });
    expect(notes).toEqual([{ kind: 'E', error: new Error('full') }]);
  });

  it('is not needed', () => {
    expect(() => NEVER.pipe(resample('7m')).subscribe().unsubscribe()).not.toThrow();
    expect(errorOf('3m')).toBeUndefined();
  });
});
