import { describe, expect, it } from 'vitest';
import { bybitLinear, bybitSpot } from '../../../src/venues/bybit/market.ts';
import { HAS_RECORDINGS } from '../../support/recordings.ts';
import { answerIn } from './recordings.ts';

const NOW = 1_791_382_920_000;
const MINUTE = 60_000;

describe('rows', () => {
  const request = { symbol: 'BTCUSDT', interval: '1h', limit: 1000 } as const;

  it.skipIf(!HAS_RECORDINGS)(
    'that were recorded come oldest first, as base and quote volume, none called final',
    () => {
      const parsed = bybitLinear.rest.candles({ ...request, from: 0 }, NOW).parse(answerIn('rest-kline-linear-60-2026-08-15.json')); // prettier-ignore
      expect(parsed).toMatchObject({
      ok: true,
      value: {
        rejected: [],
        rows: [
          { final: false, candle: { timestamp: 1_786_816_800_000, closeTime: 1_786_820_399_999, close: 63_027.8, volume: 385.721, quoteVolume: 24_314_058.6517, trades: null } },
          { final: false, candle: { timestamp: 1_786_820_400_000, open: 63_027.8, close: 63_032.3 } },
        ],
      },
    }); // prettier-ignore
    },
  );

  it('in rising order, or past the span, are refused as a whole', () => {
    const row = (openTime: number) => [String(openTime), '1', '2', '1', '2', '3', '4'];
    const parse = (list: unknown, before: number) =>
      bybitLinear.rest.candles({ ...request, interval: '1m', from: NOW, before }, NOW).parse({ retCode: 0, result: { list } }).ok;
    const [first, second] = [row(NOW), row(NOW + MINUTE)];
    expect(parse([second, first], NOW + 2 * MINUTE)).toBe(true);
    expect(parse([first, second], NOW + 2 * MINUTE)).toBe(false);
    expect(parse([second, first], NOW + MINUTE)).toBe(false);
    expect(parse(['x'], NOW + MINUTE)).toBe(false);
  }); // prettier-ignore
});

it('the time is read to the millisecond', () => {
  const { parse } = bybitSpot.rest.time();
  const result = { timeSecond: '1688639403', timeNano: '1688639403423213947' };
  expect(parse({ retCode: 0, result })).toEqual({ ok: true, value: 1_688_639_403_423 });
  expect(parse({ retCode: 0, result: { ...result, timeNano: '7' } }).ok).toBe(false);
});
