import { describe, expect, it } from 'vitest';
import { isSameCandle } from '../../src/core/candle.ts';
import { candle } from '../support/candle.ts';

const FIELDS = [
  'timestamp', 'closeTime', 'open', 'high', 'low', 'close',
  'volume', 'quoteVolume', 'trades', 'takerBuyVolume', 'takerBuyQuoteVolume',
] as const; // prettier-ignore

describe('two candles', () => {
  it('say the same however each reached us', () => {
    expect(isSameCandle(candle(1, { source: 'stream' }), candle(1, { source: 'history' }))).toBe(true);
  });

  it.each(FIELDS)('differ when their %s differs', (field) => {
    expect(isSameCandle(candle(1), candle(1, { [field]: 4711 }))).toBe(false);
  });

  it.each(['quoteVolume', 'trades'] as const)('differ when only one venue tells the %s, even of nothing', (field) => {
    expect(isSameCandle(candle(1, { [field]: null }), candle(1, { [field]: 0 }))).toBe(false);
    expect(isSameCandle(candle(1, { [field]: null }), candle(1, { [field]: null }))).toBe(true);
  });
});
