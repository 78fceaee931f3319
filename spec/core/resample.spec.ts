import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Candle, CandleSource } from '../../src/core/candle.ts';
import type { AnyCandle } from '../../src/core/bucket.ts';
import type { ResampleInterval } from '../../src/core/custom-interval.ts';
import { endResample, stepResample, type IncompleteBucket, type ResampleState } from '../../src/core/resample.ts';
import { targetGrid, type GridOptions } from '../../src/core/resample-grid.ts';
import { candle } from '../support/candle.ts';

interface Result {
  readonly whole: readonly AnyCandle[];
  readonly incomplete: readonly IncompleteBucket[];
}

function run(candles: readonly AnyCandle[], interval: ResampleInterval, options: GridOptions = {}): Result {
  const target = targetGrid(interval, options);
  let state: ResampleState | null = null;
  const whole: AnyCandle[] = [];
  const incomplete: IncompleteBucket[] = [];
  for (const next of candles) {
    const step = stepResample(target, state, next);
    state = step.state;
    incomplete.push(...step.incomplete);
    if (step.whole !== null) whole.push(step.whole);
  }
  return { whole, incomplete: [...incomplete, ...endResample(state)] };
}

const minutes = (...numbers: readonly number[]): readonly Candle[] => numbers.map((minute) => candle(minute));

const empty = (minute: number, price: number): Candle =>
  candle(minute, {
    ...{ open: price, high: price, low: price, close: price, volume: 0, quoteVolume: 0, trades: 0 },
    ...{ takerBuyVolume: 0, takerBuyQuoteVolume: 0 },
  });

/** `0-4`, `5-9 hole 3/5`: spans in minutes, and what is said of them. */
const told = ({ timestamp, closeTime, reason, parts, expected }: IncompleteBucket): string =>
  `${timestamp / 60_000}-${(closeTime + 1) / 60_000 - 1} ${reason} ${parts}/${expected}`;

const opens = ({ whole }: Result): readonly number[] => whole.map(({ timestamp }) => timestamp / 60_000);

describe('a whole bucket', () => {
  it('has the first open, the highest high, the lowest low, the last close, and the sums', () => {
    const parts = [
      candle(0, { open: 5, high: 7, low: 4, close: 6, volume: 0.1, quoteVolume: 0.7, trades: 2 }),
      candle(1, { open: 6, high: 9, low: 5, close: 8, volume: 0.2, quoteVolume: 0.1, trades: 3 }),
      candle(2, { open: 8, high: 8, low: 3, close: 4, volume: 0.4, quoteVolume: 0.2, trades: 4 }),
    ];
    expect(run(parts, '3m').whole).toEqual([
      candle(0, {
        ...{ interval: '3m', closeTime: 179_999, open: 5, high: 9, low: 3, close: 4, volume: 0.7, quoteVolume: 1 },
        ...{ trades: 9, takerBuyVolume: 12, takerBuyQuoteVolume: 1200 },
      }),
    ]);
  });

  it('says null where one part does not tell', () => {
    const { whole } = run([candle(0), candle(1, { trades: null, takerBuyVolume: null }), candle(2)], '3m');
    expect(whole).toMatchObject([{ volume: 30, quoteVolume: 3000, trades: null, takerBuyVolume: null }]);
  });

  it.each<[readonly CandleSource[], CandleSource]>([
    [['stream', 'stream', 'stream'], 'stream'],
    [['history', 'stream', 'stream'], 'history'],
    [['history', 'backfill', 'stream'], 'backfill'],
    [['backfill', 'history', 'history'], 'backfill'],
    [['stream', 'stream', 'history'], 'history'],
  ])('of %j is from %s', (sources, source) => {
    const parts = sources.map((origin, minute) => candle(minute, { source: origin }));
    expect(run(parts, '3m').whole).toMatchObject([{ source }]);
  });
});

describe('candles without trades', () => {
  const trade = candle(2, { open: 10, high: 12, low: 9, close: 11 });

  it('take no part in open, high and low of a bucket that has trades', () => {
    const expected = { open: 10, high: 12, low: 9, close: 11, volume: 10 };
    expect(run([empty(0, 50), empty(1, 50), trade], '3m').whole).toMatchObject([expected]);
    expect(run([empty(0, 50), { ...trade, ...at(1) }, empty(2, 11)], '3m').whole).toMatchObject([expected]);
    expect(run([{ ...trade, ...at(0) }, empty(1, 11), empty(2, 11)], '3m').whole).toMatchObject([expected]);
  });

  it('make a flat bucket when there is nothing else', () => {
    const expected = { open: 50, high: 50, low: 50, close: 50, volume: 0, trades: 0 };
    expect(run([empty(0, 50), empty(1, 50), empty(2, 50)], '3m').whole).toMatchObject([expected]);
  });

  it('are known by their volume, also where nobody counts trades', () => {
    const uncounted = [
      { ...empty(0, 50), trades: null },
      { ...empty(1, 50), trades: null },
      { ...trade, trades: null },
    ];
    expect(run(uncounted, '3m').whole).toMatchObject([{ open: 10, high: 12, low: 9, trades: null }]);
  });
});

describe('a bucket that is not whole', () => {
  it.each<[string, readonly number[], readonly number[], readonly string[]]>([
    ['began before the stream did', [2, 3, 4, 5, 6, 7, 8, 9], [5], ['0-4 started inside 3/5']],
    ['lacks its middle', [0, 1, 3, 4, 5, 6, 7, 8, 9], [5], ['0-4 hole 4/5']],
    ['lacks its first', [0, 1, 2, 3, 4, 6, 7, 8, 9], [0], ['5-9 hole 4/5']],
    ['lacks its last', [0, 1, 2, 3, 5, 6, 7, 8, 9], [5], ['0-4 hole 4/5']],
    ['shares a hole with the next', [0, 1, 2, 8, 9, 10, 11, 12, 13, 14], [10], ['0-4 hole 3/5', '5-9 hole 2/5']],
    ['never had a candle', [0, 1, 2, 3, 4, 10, 11, 12, 13, 14], [0, 10], ['5-9 hole 0/5']],
    ['is one of many such', [0, 1, 20, 21, 22, 23, 24], [20], ['0-4 hole 2/5', '5-19 hole 0/15']],
    ['was still being filled', [0, 1, 2, 3, 4, 5, 6], [0], ['5-9 ended inside 2/5']],
    ['began before the stream, and has a hole too', [1, 3, 4], [], ['0-4 hole 3/5']],
    ['began before the stream, and ended after it', [1, 2], [], ['0-4 started inside 2/5']],
    ['never was', [], [], []],
  ])('%s', (_, given, whole, reports) => {
    const result = run(minutes(...given), '5m');
    expect(opens(result)).toEqual(whole);
    expect(result.incomplete.map(told)).toEqual(reports);
  });

  it('counts the parts of a month by its calendar', () => {
    const feb = new Date('2024-02-10T00:00Z').getTime();
    const day = candle(0, { interval: '1d', timestamp: feb });
    expect(run([day], '1M').incomplete).toMatchObject([{ parts: 1, expected: 29, symbol: 'BTCUSDT', interval: '1M' }]);
  });
});

describe('odd input', () => {
  it('leaves out a candle that is older than the last, or the same', () => {
    const result = run(minutes(0, 1, 1, 2, 0, 3, 4, 4, 3, 5, 6, 7, 8, 9), '5m');
    expect(opens(result)).toEqual([0, 5]);
    expect(result.whole[0]).toMatchObject({ volume: 50 });
    expect(result.incomplete).toEqual([]);
  });

  it('leaves out updates of the running candle', () => {
    const running = minutes(0, 1, 2).flatMap((part) => [
      { ...part, volume: 1, closed: false },
      { ...part, closed: true },
    ]);
    const [first] = run(running, '3m').whole;
    expect(first).toMatchObject({ volume: 30 });
    expect(first).not.toHaveProperty('closed');
  });

  it('leaves out times that are no numbers', () => {
    const broken = [NaN, Infinity, -Infinity, 0.5].map((timestamp) => ({ ...candle(0), timestamp }));
    expect(opens(run([...broken, ...minutes(0, 1, 2), ...broken, ...minutes(3, 4, 5)], '3m'))).toEqual([0, 3]);
  });

  it('takes rows off the grid, as after the outage of February 2018, for holes', () => {
    const late = { timestamp: 4 * 60_000 + 7000, closeTime: 5 * 60_000 + 6999 };
    const result = run([...minutes(0, 1, 2, 3), candle(4, late), ...minutes(5, 6, 7, 8, 9, 10, 11, 12, 13, 14)], '5m');
    expect(opens(result)).toEqual([5, 10]);
    expect(result.incomplete.map(told)).toEqual(['0-4 hole 5/5']);
  });

  it('takes no bucket for whole whose last row is too long', () => {
    const long = candle(4, { closeTime: 5 * 60_000 + 6999 });
    const result = run([...minutes(0, 1, 2, 3), long, ...minutes(5, 6, 7, 8, 9)], '5m');
    expect(opens(result)).toEqual([5]);
    expect(result.incomplete.map(told)).toEqual(['0-4 hole 5/5']);
  });

  it('leaves out a row inside a bucket that is over', () => {
    const extra = candle(4, { timestamp: 4 * 60_000 + 30_000 });
    const result = run([...minutes(0, 1, 2, 3, 4), extra, ...minutes(5, 6, 7, 8, 9)], '5m');
    expect(opens(result)).toEqual([0, 5]);
    expect(result.incomplete).toEqual([]);
  });

  it('refuses a second series, and says how far it came', () => {
    const five = minutes(0, 1, 2, 3, 4);
    for (const change of [{ symbol: 'ETHUSDT' }, { venue: 'binance-spot' }, { interval: '3m' }] as const) {
      expect(() => run([...five, candle(5, change)], '5m')).toThrow(
        expect.objectContaining({ code: 'FEED_RESAMPLE', lastTimestamp: 0 }),
      );
    }
    expect(() => run([...five, candle(5, { symbol: 'ETHUSDT' })], '5m')).toThrow(
      'resample takes one series at a time, and got binance-usdm BTCUSDT 1m and binance-usdm ETHUSDT 1m',
    );
  });
});

describe('laws', () => {
  const figure = fc.integer({ min: 1, max: 10 ** 9 }).map((units) => Number(`${units}e-5`));

  /** A stretch of minutes; about half of them without a trade, and flat at the close before, as the exchange has them. */
  const stretch = fc
    .record({
      from: fc.integer({ min: -40, max: 40 }),
      trades: fc.array(fc.option(fc.tuple(figure, figure, figure, figure), { freq: 1 }), { maxLength: 90 }),
    })
    .map(({ from, trades }) => {
      let last = 1;
      return trades.map((prices, index) => {
        if (prices === null) return empty(from + index, last);
        const [open, close, volume, quoteVolume] = prices;
        last = close;
        const figures = { open, close, volume, quoteVolume, high: Math.max(open, close), low: Math.min(open, close) };
        return candle(from + index, figures);
      });
    });

  const torn = fc
    .tuple(stretch, fc.array(fc.nat(89), { maxLength: 4 }))
    .map(([candles, holes]) => candles.filter((_, index) => !holes.includes(index)));

  it.each<[ResampleInterval, ResampleInterval]>([
    ['5m', '15m'],
    ['3m', '15m'],
    ['7m', '21m'],
    ['6m', '30m'],
  ])('by way of %s, %s is the same as at once, wherever candles are missing', (between, target) => {
    fc.assert(
      fc.property(torn, (candles) => {
        expect(run(run(candles, between).whole, target).whole).toEqual(run(candles, target).whole);
      }),
    );
  });

  it('split over two subscriptions, the second with `since`, the buckets are the same', () => {
    const mark = fc.constantFrom('timestamp', 'closeTime');
    fc.assert(
      fc.property(torn, fc.nat(90), mark, (candles, cut, field) => {
        const before = run(candles.slice(0, cut), '5m').whole;
        const since = before.at(-1)?.[field] ?? -Infinity;
        const after = run(
          candles.filter(({ timestamp }) => timestamp > since),
          '5m',
        ).whole;
        expect([...before, ...after]).toEqual(run(candles, '5m').whole);
      }),
    );
  });

  it('in any order, and with any holes, the buckets are those of which every candle came in its turn', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -30, max: 30 }), { maxLength: 120 }), (order) => {
        const rising = order.filter((minute, index) => order.slice(0, index).every((earlier) => earlier < minute));
        const isWhole = (open: number) => [0, 1, 2].every((part) => rising.includes(open + part));
        const expected = rising.filter((minute) => minute % 3 === 0 && isWhole(minute));
        expect(opens(run(minutes(...order), '3m'))).toEqual(expected.map((minute) => minute + 0));
      }),
    );
  });

  it('every bucket from the first candle to the last is either whole or reported', () => {
    fc.assert(
      fc.property(torn, (candles) => {
        fc.pre(candles.length > 0);
        const { whole, incomplete } = run(candles, '5m');
        const spans = [...whole, ...incomplete].sort((a, b) => a.timestamp - b.timestamp);
        const [first, last] = [spans[0], spans.at(-1)];
        expect(first?.timestamp).toBeLessThanOrEqual(candles[0]?.timestamp ?? NaN);
        expect(last?.closeTime).toBeGreaterThanOrEqual(candles.at(-1)?.closeTime ?? NaN);
        spans.slice(1).forEach(({ timestamp }, index) => expect(timestamp).toBe((spans[index]?.closeTime ?? NaN) + 1));
      }),
    );
  });

  it('no figure, however odd, makes it throw', () => {
    const odd = fc.double();
    const parts = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.maxSafeInteger(), odd, odd), { maxLength: 40 });
    fc.assert(
      fc.property(parts, (given) => {
        const candles = given.map(([minute, closeTime, price, volume]) =>
          candle(minute, { closeTime, open: price, high: price, volume, quoteVolume: volume }),
        );
        expect(() => run(candles, '5m')).not.toThrow();
      }),
    );
  });
});

describe('in a time zone', () => {
  const newYork = { timeZone: 'America/New_York', startOfDay: '17:00' };
  const hour = (text: string, later = 0): Candle =>
    candle(later, { interval: '1h', timestamp: new Date(text).getTime() + later * 3_600_000 });
  const hours = (text: string, count: number) => Array.from({ length: count }, (_, later) => hour(text, later));
  const toldOf = ({ timestamp, reason, parts, expected }: IncompleteBucket): string =>
    `${new Date(timestamp).toISOString().slice(0, 16)} ${reason} ${parts}/${expected}`;

  it.each([
    [23, '2026-03-07T22:00Z'],
    [24, '2026-06-10T21:00Z'],
    [25, '2026-10-31T21:00Z'],
  ])('a day of %d hours is whole with all of them', (count, start) => {
    expect(run(hours(start, count), '1d', newYork).whole).toMatchObject([
      { interval: '1d', open: 100, volume: count * 10 },
    ]);
    const { whole, incomplete } = run(hours(start, count - 1), '1d', newYork);
    expect([whole, incomplete.map(toldOf)]).toEqual([[], [`${start.slice(0, 16)} ended inside ${count - 1}/${count}`]]);
  });

  it('the last candle of a day is whole when the day is over', () => {
    const { whole } = run(hours('2026-10-31T21:00Z', 26), '4h', newYork);
    expect(whole.map(({ volume }) => volume / 10)).toEqual([4, 4, 4, 4, 4, 4, 1]);
  });

  it('a date that the zone left out is neither made nor missed', () => {
    const { whole, incomplete } = run(hours('2011-12-29T10:00Z', 48), '1d', { timeZone: 'Pacific/Apia' });
    expect([whole.length, incomplete]).toEqual([2, []]);
  });

  it('days of which nothing came are one hole, with the hours they had', () => {
    const torn = [...hours('2026-03-06T22:00Z', 24), ...hours('2026-03-10T21:00Z', 24)];
    expect(run(torn, '1d', newYork).incomplete.map(toldOf)).toEqual(['2026-03-07T22:00 hole 0/71']);
  });

  it('days are taken as parts of weeks where they have 24 hours', () => {
    const tokyo = { timeZone: 'Asia/Tokyo' };
    const twoWeeks = hours('2026-01-04T15:00Z', 14 * 24);
    expect(run(run(twoWeeks, '1d', tokyo).whole, '1w', tokyo)).toEqual(run(twoWeeks, '1w', tokyo));
    expect(run(twoWeeks, '1w', tokyo).whole).toHaveLength(2);
  });

  it('a clock that moves by half an hour, years later, is an error, not a wrong day', () => {
    const [before, after] = [hours('2014-08-01T15:00Z', 24), hours('2015-08-13T20:00Z', 1)];
    expect(() => run([...before, ...after], '1d', { timeZone: 'Asia/Pyongyang' })).toThrow(
      'the 1d of 2015-08-13T15:00:00.000Z begins or ends between two 1h candles, as the clock of its time zone changes; use shorter ones',
    );
  });
});

function at(minute: number): Pick<Candle, 'timestamp' | 'closeTime'> {
  return { timestamp: minute * 60_000, closeTime: minute * 60_000 + 59_999 };
}
