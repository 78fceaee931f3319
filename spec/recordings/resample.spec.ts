import { from, toArray } from 'rxjs';
import { afterAll, describe, expect, it } from 'vitest';
import type { Candle } from '../../src/core/candle.ts';
import type { IncompleteBucket } from '../../src/core/resample.ts';
import type { ResampleInterval } from '../../src/core/custom-interval.ts';
import { resample } from '../../src/operators/resample.ts';
import { ALL_FILES, areAbsent, endingsOf, ETHBTC, read, SLICES } from './recordings.ts';

interface Result {
  readonly whole: readonly Candle[];
  readonly incomplete: readonly IncompleteBucket[];
  readonly error: unknown;
}

function run(candles: readonly Candle[], interval: ResampleInterval, anchor?: number): Result {
  const incomplete: IncompleteBucket[] = [];
  let [whole, error]: [readonly Candle[], unknown] = [[], null];
  const options = {
    onIncomplete: (bucket: IncompleteBucket) => incomplete.push(bucket),
    // The grid of 3d differs by symbol; the others are to be found without help.
    ...(interval === '3d' && { anchor }),
  };
  from(candles)
    .pipe(resample(interval, options), toArray())
    .subscribe({ next: (all) => (whole = all as Candle[]), error: (reason: unknown) => (error = reason) });
  return { whole, incomplete, error };
}

const iso = (time: number): string => new Date(time).toISOString().slice(0, 16);

/** Every figure that both candles know, so that files with 6 and with 12 columns compare. */
const figures = ({ timestamp, closeTime, open, high, low, close, volume }: Candle) => [
  timestamp,
  closeTime,
  open,
  high,
  low,
  close,
  volume,
];

/** The same bucket as we made it and as the exchange has it, for every bucket that we made. */
function pairsWith(
  made: readonly Candle[],
  own: readonly Candle[],
): readonly (readonly [Candle, Candle | undefined])[] {
  const rows = new Map(own.map((candle) => [candle.timestamp, candle]));
  return made.map((candle) => [candle, rows.get(candle.timestamp)]);
}

function differing(made: readonly Candle[], own: readonly Candle[]): readonly string[] {
  const same = (a: Candle, b: Candle | undefined) =>
    b !== undefined && figures(a).every((figure, index) => figure === figures(b)[index]);
  return pairsWith(made, own).flatMap(([a, b]) => (same(a, b) ? [] : [iso(a.timestamp)]));
}

const longerPairs = (endings: readonly string[]): readonly (readonly [string, string])[] =>
  endings.flatMap((source, index) => endings.slice(index + 1).map((target) => [source, target] as const));

/** Pairs in which the shorter candle does not divide the longer one. */
const UNEVEN = ['3m>5m', '4h>6h', '6h>8h', '8h>12h', '3d>1w', '3d>1mo', '1w>1mo'];

describe.skipIf(areAbsent)('resampled recordings', () => {
  const counts: string[] = [];
  let total = 0;

  const note = (pair: string, made: readonly Candle[]): void => {
    counts.push(`${pair} ${made.length}`);
    total += made.length;
  };

  afterAll(() => console.log(`buckets equal to the exchange's own: ${total}\n${counts.join(' · ')}`));

  describe('of one market in 15 intervals', () => {
    const anchor = () => read(ETHBTC, '3d').candles[0]?.timestamp;
    const closed = (ending: string) => read(ETHBTC, ending).candles.slice(0, -1);

    it.each(longerPairs(endingsOf(ETHBTC)))('are the exchange’s own: %s to %s', (source, target) => {
      const own = read(ETHBTC, target);
      const { whole, error } = run(closed(source), own.interval, anchor());
      if (UNEVEN.includes(`${source}>${target}`)) {
        expect(error).toMatchObject({ code: 'FEED_RESAMPLE' });
        return;
      }
      expect(error).toBeNull();
      expect(differing(whole, own.candles)).toEqual([]);
      note(`${source}>${target}`, whole);
    });

    it.each(longerPairs(endingsOf(ETHBTC)))('lack none that could be made: %s to %s', (source, target) => {
      if (UNEVEN.includes(`${source}>${target}`)) return;
      const parts = closed(source);
      const own = read(ETHBTC, target);
      const { whole, incomplete } = run(parts, own.interval, anchor());
      const [first, last] = [parts[0]?.timestamp ?? NaN, parts.at(-1)?.closeTime ?? NaN];
      const covered = own.candles.filter(({ timestamp, closeTime }) => timestamp >= first && closeTime <= last);
      const holes = incomplete.filter(({ reason }) => reason === 'hole').map(({ timestamp }) => timestamp);
      expect(covered.filter(({ timestamp }) => !holes.includes(timestamp)).map(({ timestamp }) => timestamp)).toEqual(
        whole.map(({ timestamp }) => timestamp),
      );
    });

    it('report the buckets of the 2h candle that the exchange does not have, though it has longer ones of the rest', () => {
      const found = endingsOf(ETHBTC)
        .slice(endingsOf(ETHBTC).indexOf('4h'), -2)
        .flatMap((target) => {
          const { incomplete } = run(closed('2h'), read(ETHBTC, target).interval, anchor());
          const holes = incomplete.filter(({ reason }) => reason === 'hole');
          return holes.map(
            ({ interval, timestamp, parts, expected }) => `${interval} ${iso(timestamp)} ${parts}/${expected}`,
          );
        });
      expect(found).toEqual([
        '4h 2020-04-25T00:00 1/2',
        '6h 2020-04-25T00:00 2/3',
        '8h 2020-04-25T00:00 3/4',
        '12h 2020-04-25T00:00 5/6',
        '1d 2020-04-25T00:00 11/12',
        '3d 2020-04-23T00:00 35/36',
      ]);
    });

    it('differ where last rows, still forming and fetched a moment apart, are taken for closed', () => {
      const found = longerPairs(endingsOf(ETHBTC))
        .filter(([source, target]) => !UNEVEN.includes(`${source}>${target}`))
        .flatMap(([source, target]) => {
          const own = read(ETHBTC, target);
          const { whole } = run(read(ETHBTC, source).candles, own.interval, anchor());
          return differing(whole, own.candles).map((time) => `${source}>${target} ${time}`);
        });
      expect(found).toEqual([
        '30m>1h 2020-05-17T18:00',
        '6h>1w 2020-05-11T00:00',
        '8h>1w 2020-05-11T00:00',
        '12h>1w 2020-05-11T00:00',
        '1d>1w 2020-05-11T00:00',
      ]);
    });
  });

  describe('of single days', () => {
    const steady = Object.entries(SLICES).filter(([market]) => !market.includes('revised'));
    const pairs = steady.flatMap(([market, endings]) =>
      longerPairs(endings).map(([source, target]) => [market, source, target] as const),
    );

    it.each(pairs)('are the exchange’s own: %s%s to %s', (market, source, target) => {
      const own = read(market, target);
      const { whole, error } = run(read(market, source).candles, own.interval);
      if (UNEVEN.includes(`${source}>${target}`)) {
        expect(error).toMatchObject({ code: 'FEED_RESAMPLE' });
        return;
      }
      expect(differing(whole, own.candles)).toEqual([]);
      expect(whole.length).toBeGreaterThan(0);
      note(`${whole[0]?.symbol} ${source}>${target}`, whole);
    });

    it('open at the first trade, not at the first minute, in a thin market', () => {
      const thin = 'slices/spot-thin-SUSHIBTC-2023-04-05-';
      const minutes = read(thin, '1m').candles;
      const naiveOpens = new Map(minutes.map(({ timestamp, open }) => [timestamp, open]));
      const { whole } = run(minutes, '5m');
      expect(whole).toHaveLength(288);
      expect(whole.filter(({ timestamp, open }) => naiveOpens.get(timestamp) !== open)).toHaveLength(58);
    });

    it('report the 80 minutes of an outage as one span, and join nothing across it', () => {
      const outage = 'slices/spot-outage-BTCUSDT-2023-03-24-';
      const own = read(outage, '5m').candles;
      const { whole, incomplete } = run(read(outage, '1m').candles, '5m');
      const torn = incomplete.map(({ timestamp, closeTime, parts, expected, reason }) => ({
        from: iso(timestamp), to: iso(closeTime), parts: `${parts}/${expected}`, reason,
      })); // prettier-ignore
      expect(torn).toEqual([{ from: '2023-03-24T12:40', to: '2023-03-24T13:59', parts: '0/80', reason: 'hole' }]);
      expect(whole).toHaveLength(own.length);
    });

    it('make quiet buckets of a halt flat, with no volume and no trades', () => {
      const { whole } = run(read('slices/usdm-halt-NEARUSDT-2023-09-12-', '1m.12col').candles, '5m');
      const quiet = whole.filter(({ trades }) => trades === 0);
      expect(quiet.length).toBeGreaterThan(0);
      for (const { open, high, low, close, volume } of quiet) {
        expect([high, low, close, volume]).toEqual([open, open, open, 0]);
      }
    });
  });

  describe('of the hour of 2021-04-23 of which the exchange revised 54 minutes', () => {
    const revised = 'slices/spot-revised-BTCUSDT-2021-04-23-';

    // Minutes were lost at first and put back in more than one go; the 5m rows were fetched between two of them.
    it.each([
      ['1m.as-of-2021-05', 13, '01:40', '02:45'],
      ['1m.as-of-2025', 10, '01:40', '02:45'],
    ])('differ inside that hour only, for no moment of it was recorded whole: %s', (ending, count, from, to) => {
      const { whole } = run(read(revised, ending).candles, '5m');
      const stale = differing(whole, read(revised, '5m.as-of-2021-05').candles).map((time) => time.slice(11));
      expect(whole).toHaveLength(18);
      expect(stale).toHaveLength(count);
      expect([stale[0], stale.at(-1)]).toEqual([from, to]);
    });

    it('lack volume, and never have too much, while minutes were still lost', () => {
      const own = read(revised, '5m.as-of-2021-05').candles;
      for (const [ours, theirs] of pairsWith(run(read(revised, '1m.as-of-2021-05').candles, '5m').whole, own)) {
        expect(ours.volume).toBeLessThanOrEqual(theirs?.volume ?? NaN);
      }
    });
  });

  describe('sums', () => {
    it.each(ALL_FILES)('of all rows are exact to the last digit that was written: %s%s', (market, ending) => {
      const { candles, texts } = read(market, ending);
      if (candles.length === 1) return;
      const columns = [
        [5, 'volume'],
        [7, 'quoteVolume'],
        [8, 'trades'],
        [9, 'takerBuyVolume'],
        [10, 'takerBuyQuoteVolume'],
      ] as const;
      const seconds = candles.map((candle, index) => ({
        ...candle,
        interval: '1s' as const,
        timestamp: index * 1000,
        closeTime: index * 1000 + 999,
      }));
      const { whole } = run(seconds, `${candles.length}s`);
      for (const [column, name] of columns) {
        const written = texts.flatMap((text) => text[column] ?? []);
        expect(whole[0]?.[name]).toBe(written.length === 0 ? null : exactSum(written));
      }
    });
  });

  describe('in two steps', () => {
    it.each([
      ['slices/spot-thin-SUSHIBTC-2023-04-05-', '1m'],
      ['slices/spot-outage-BTCUSDT-2023-03-24-', '1m'],
      ['slices/usdm-halt-AVAXUSDT-2023-09-12-', '1m.12col'],
      ['slices/usdm-halt-NEARUSDT-2023-09-12-', '1m.12col'],
      ['slices/usdm-ETHUSDT-2025-05-10-', '1m'],
    ])('are the same as in one: %s%s', (market, ending) => {
      const { candles } = read(market, ending);
      for (const [between, target] of [
        ['5m', '15m'],
        ['6m', '30m'],
        ['7m', '21m'],
        ['15m', '90m'],
      ] as const) {
        expect(run(run(candles, between).whole, target).whole).toEqual(run(candles, target).whole);
      }
    });
  });
});

/** The sum of decimal texts, by hand: as integers of 10^-8. */
function exactSum(texts: readonly string[]): number {
  const units = texts.reduce((sum, text) => {
    const [whole = '', fraction = ''] = text.split('.');
    return sum + BigInt(whole + fraction.padEnd(8, '0'));
  }, 0n);
  const digits = String(units).padStart(9, '0');
  return Number(`${digits.slice(0, -8)}.${digits.slice(-8)}`);
}
