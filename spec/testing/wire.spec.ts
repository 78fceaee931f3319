import { expect, it } from 'vitest';
import { Frame, klineText, rowOf } from '../../src/testing/wire.ts';

const kline = {
  openTime: 60_000, closeTime: 119_999, open: '1.0', high: '2.0', low: '0.5', close: '1.5', volume: '10', quoteVolume: '15',
  trades: 3, takerBuyVolume: '4', takerBuyQuoteVolume: '6', firstTradeId: 7, lastTradeId: 9,
}; // prettier-ignore

it("writes a kline event with the exchange's keys", () => {
  const text = klineText({ symbol: '币安USDT', interval: '1m', kline, closed: true, eventTime: 120_005 });
  expect(JSON.parse(text)).toEqual({
    e: 'kline', E: 120_005, s: '币安USDT',
    k: { t: 60_000, T: 119_999, s: '币安USDT', i: '1m', f: 7, L: 9, o: '1.0', c: '1.5', h: '2.0', l: '0.5', v: '10', n: 3, x: true, q: '15', V: '4', Q: '6', B: '0' },
  }); // prettier-ignore
});

it('writes a REST row with twelve columns', () => {
  expect(rowOf(kline)).toEqual([60_000, '1.0', '2.0', '0.5', '1.5', '10', 119_999, '15', 3, '4', '6', '0']);
});

it('wraps a frame for combined connections and leaves it bare for raw ones, each made once', () => {
  const frame = new Frame('btcusdt@kline_1m', '{"e":"kline"}');
  expect(frame.bytes(true).toString()).toBe('{"stream":"btcusdt@kline_1m","data":{"e":"kline"}}');
  expect(frame.bytes(false).toString()).toBe('{"e":"kline"}');
  expect(frame.bytes(true)).toBe(frame.bytes(true));
});
