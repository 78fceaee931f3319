import { describe, expect, it } from 'vitest';
import {
  FIELDS,
  makeCandle,
  runningCandle,
  sameCandle,
  unusableBecause,
  withSource,
  type Candle,
} from '../../src/core/candle.ts';
import { candle } from '../support/candle.ts';

describe('two candles', () => {
  it('are the same however each reached us', () => {
    expect(sameCandle(candle(1, { source: 'stream' }), candle(1, { source: 'history' }))).toBe(true);
  });

  it.each(FIELDS.filter((field) => field !== 'source'))('differ when their %s differs', (field) => {
    expect(sameCandle(candle(1), { ...candle(1), [field]: 4711 })).toBe(false);
  });

  it.each(['quoteVolume', 'trades'] as const)('differ when only one venue tells the %s, even of nothing', (field) => {
    expect(sameCandle(candle(1, { [field]: null }), candle(1, { [field]: 0 }))).toBe(false);
    expect(sameCandle(candle(1, { [field]: null }), candle(1, { [field]: null }))).toBe(true);
  });
});

describe('a candle', () => {
  const shuffled = Object.fromEntries(Object.entries(candle(1)).reverse()) as unknown as Candle;
  const fetched = withSource(makeCandle(candle(1)), 'history');

  it.each<[string, Candle, readonly string[]]>([
    ['however it is made', makeCandle(shuffled), FIELDS],
    ['with another source', fetched, FIELDS],
    ['that is told while it runs', runningCandle(shuffled, false), [...FIELDS, 'closed']],
  ])('is frozen and has its keys in one order %s', (_, made, keys) => {
    expect(Object.keys(made)).toEqual(keys);
    expect(Object.isFrozen(made)).toBe(true);
    expect(sameCandle(made, candle(1))).toBe(true);
  });

  it('keeps all values but the source it is given', () => {
    expect(fetched).toEqual({ ...candle(1), source: 'history' });
    expect(withSource(fetched, 'history')).toBe(fetched);
    expect(runningCandle(candle(1), true)).toEqual({ ...candle(1), closed: true });
  });
});

describe('no candle can be made', () => {
  it.each<[string | undefined, Partial<Candle>]>([
    [undefined, {}],
    [undefined, { quoteVolume: null, trades: null, takerBuyVolume: null, takerBuyQuoteVolume: null }],
    [undefined, { volume: 0, quoteVolume: 0, trades: 0, takerBuyVolume: 0, takerBuyQuoteVolume: 0 }],
    [undefined, { open: 1000 }],
    [undefined, { close: 0 }],
    [undefined, { high: 5, low: 5 }],
    [undefined, { low: -1 }],
    [undefined, { closeTime: 60_001 }],
    ...(['open', 'high', 'low', 'close'] as const).flatMap((field) => [
      ['a price is not a number', { [field]: NaN }] as [string, Partial<Candle>],
      ['a price is not a number', { [field]: Infinity }] as [string, Partial<Candle>],
    ]),
    ...(['volume', 'quoteVolume', 'takerBuyVolume', 'takerBuyQuoteVolume'] as const).flatMap((field) => [
      ['a volume is not a number', { [field]: NaN }] as [string, Partial<Candle>],
      ['a volume is negative', { [field]: -1e-8 }] as [string, Partial<Candle>],
    ]),
    ['the number of trades is negative', { trades: -1 }],
    ['high is below low', { high: 5, low: 5.5 }],
    ['it does not close after it opens', { closeTime: 60_000 }],
    ['it does not close after it opens', { closeTime: NaN }],
  ])('because %s of %j', (reason, changes) => {
    expect(unusableBecause(candle(1, changes))).toBe(reason);
  });
});
