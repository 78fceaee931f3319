import { expect, it } from 'vitest';
import type { Interval } from '../../../../src/core/interval.ts';
import type { Kline } from '../../../../src/testing/market/kline.ts';
import { BINANCE_RULES } from '../../../../src/testing/dialects/binance/rules.ts';
import { klineText, rowOf } from '../../../../src/testing/dialects/binance/wire.ts';
import { HAS_RECORDINGS, recordings } from '../../../support/recordings.ts';

/** A kline event, in the exchange's own words. */
interface Said {
  readonly E: number;
  readonly s: string;
  readonly k: Readonly<Record<'o' | 'c' | 'h' | 'l' | 'v' | 'q' | 'V' | 'Q', string>> &
    Readonly<Record<'t' | 'T' | 'f' | 'L' | 'n', number>> & {
      readonly i: Interval;
      readonly x: boolean;
      readonly B?: string;
    };
}

const COINM = BINANCE_RULES['binance-coinm'];

const kline = {
  openTime: 60_000, closeTime: 119_999, open: '1.0', high: '2.0', low: '0.5', close: '1.5', volume: '10', quoteVolume: '15',
  trades: 3, takerBuyVolume: '4', takerBuyQuoteVolume: '6', firstTradeId: 7, lastTradeId: 9,
}; // prettier-ignore

it("writes a kline event with the exchange's keys", () => {
  const text = klineText({ symbol: '币安USDT', interval: '1m', kline, closed: true, eventTime: 120_005 }, COINM);
  expect(JSON.parse(text)).toEqual({
    e: 'kline', E: 120_005, s: '币安USDT',
    k: { t: 60_000, T: 119_999, s: '币安USDT', i: '1m', f: 7, L: 9, o: '1.0', c: '1.5', h: '2.0', l: '0.5', v: '10', n: 3, x: true, q: '15', V: '4', Q: '6', B: '0' },
  }); // prettier-ignore
});

it.each([
  ['USDⓈ-M with a space after each comma inside k', BINANCE_RULES['binance-usdm'], ', '],
  ['COIN-M without', BINANCE_RULES['binance-coinm'], ','],
  ['spot without', BINANCE_RULES['binance-spot'], ','],
])('writes klines of %s, as they were recorded', (_market, rules, and) => {
  const text = klineText({ symbol: 'BTCUSDT', interval: '1m', kline, closed: false, eventTime: 120_005 }, rules);
  const members =
    '"t":60000,"T":119999,"s":"BTCUSDT","i":"1m","f":7,"L":9,"o":"1.0","c":"1.5","h":"2.0","l":"0.5","v":"10","n":3,"x":false,"q":"15","V":"4","Q":"6","B":"0"';
  expect(text).toBe(`{"e":"kline","E":120005,"s":"BTCUSDT","k":{${members.split(',').join(and)}}}`);
});

it.skipIf(!HAS_RECORDINGS)(
  'writes klines as the exchange does: what it has recorded since 2024 comes out byte by byte',
  () => {
    const frames = recordings().filter(({ file }) => file.endsWith('binance-frames-2023-2026.jsonl'));
    let written = 0;
    for (const { venue, frames: texts } of frames) {
      for (const text of texts) {
        const event = text.replace(/^\{"stream":"[^"]*","data":(.*)\}$/, '$1');
        const { E, s, k } = JSON.parse(event) as Said;
        if (k.B === undefined) continue;
        const again: Kline = {
        openTime: k.t, closeTime: k.T, open: k.o, high: k.h, low: k.l, close: k.c, volume: k.v,
        quoteVolume: k.q, trades: k.n, takerBuyVolume: k.V, takerBuyQuoteVolume: k.Q,
        firstTradeId: k.f, lastTradeId: k.L,
      }; // prettier-ignore
        const told = { symbol: s, interval: k.i, kline: again, closed: k.x, eventTime: E };
        expect(klineText(told, BINANCE_RULES[venue])).toBe(event);
        written++;
      }
    }
    expect(written).toBe(7);
  },
);

it('writes a REST row with twelve columns', () => {
  expect(rowOf(kline)).toEqual([60_000, '1.0', '2.0', '0.5', '1.5', '10', 119_999, '15', 3, '4', '6', '0']);
});
