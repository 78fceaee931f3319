import fc from 'fast-check';
import { expect, it } from 'vitest';
import { startTime } from '../../../src/log/nats/start-time.ts';
import { askedFor, subjectOf, tokenOf } from '../../../src/log/nats/subject.ts';

it('names a series by venue, symbol and interval, and many by wildcards', () => {
  expect(subjectOf('candles', { venue: 'okx', symbol: 'BTC-USDT-SWAP', interval: '1m' })).toBe(
    'candles.okx.BTC-USDT-SWAP.1m',
  );
  expect(subjectOf('candles', { venue: 'ccxt:kraken', symbol: 'BTC/USDT:USDT', interval: '1d' })).toBe(
    'candles.ccxt%3Akraken.BTC%2FUSDT%3AUSDT.1d',
  );
  expect(subjectOf('candles', { interval: '1m' })).toBe('candles.*.*.1m');
});

it('makes a token of any text, and no two alike', () => {
  expect(tokenOf('币安人生USDT')).toBe('%E5%B8%81%E5%AE%89%E4%BA%BA%E7%94%9FUSDT');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
      expect(tokenOf(text)).toMatch(/^[\w%-]+$/);
      expect(decodeURIComponent(tokenOf(text))).toBe(text);
    }),
  );
});

it('asks for what many patterns have in common', () => {
  const some = ['A', 'B', 'C'].map((symbol) => ({ venue: 'okx', symbol, interval: '1m' }) as const);
  expect(askedFor(some, 3)).toEqual(some);
  expect(askedFor(some, 2)).toEqual([{ venue: 'okx', symbol: undefined, interval: '1m' }]);
});

it('begins to read a minute before the candle after `since` can have been stored', () => {
  const since = Date.UTC(2026, 0, 1, 12);
  expect(startTime(since, '1h')).toBe(since + 3_600_000 - 60_000);
  expect(startTime(since, undefined)).toBe(since - 60_000);
  expect(startTime(10, '1m')).toBe(10);
});
