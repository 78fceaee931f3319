import { describe, expect, it } from 'vitest';
import { csv, ndjson, plain } from '../../src/cli/format.ts';
import { candle } from '../support/candle.ts';

describe('ndjson', () => {
  it('is the candle itself on a line', () => {
    expect(ndjson.head).toBe('');
    expect(JSON.parse(ndjson.line(candle(1)))).toEqual(candle(1));
    expect(ndjson.line(candle(1))).toMatch(/^[^\n]+\n$/);
  });
});

describe('csv', () => {
  it('has the fields of a candle under their own names', () => {
    expect(csv.head.trim().split(',').sort()).toEqual(Object.keys(candle(1)).sort());
  });

  it('writes a line a candle', () => {
    expect(csv.line(candle(1))).toBe('binance-usdm,BTCUSDT,1m,60000,119999,101,103,100,102,10,1000,7,4,400,stream\n');
  });

  it('leaves unknown numbers empty, writes small ones out, and quotes what must be', () => {
    const odd = candle(1, { symbol: 'A",\nB', volume: 1e-7, quoteVolume: null, trades: null });
    expect(csv.line(odd)).toBe('binance-usdm,"A"",\nB",1m,60000,119999,101,103,100,102,0.0000001,,,4,400,stream\n');
  });
});

describe('plain', () => {
  it.each([
    [0, '0'],
    [-1.5, '-1.5'],
    [0.000_001, '0.000001'],
    [1e-7, '0.0000001'],
    [1.234e-7, '0.0000001234'],
    [-2.5e-10, '-0.00000000025'],
    [1e21, '1000000000000000000000'],
    [1.5e22, '15000000000000000000000'],
    [123_456_789.125, '123456789.125'],
  ])('writes %d as %s', (value, text) => {
    expect(plain(value)).toBe(text);
    expect(Number(text)).toBe(value);
  });
});
