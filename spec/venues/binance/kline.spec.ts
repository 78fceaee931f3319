import { describe, expect, it } from 'vitest';
import { FIELDS } from '../../../src/core/candle.ts';
import type { StreamMessage } from '../../../src/ports/stream-protocol.ts';
import { binanceUsdm } from '../../../src/venues/binance/usdm.ts';

type Fields = Readonly<Record<string, unknown>>;

const K: Fields = {
  t: 1719765480000, T: 1719765539999, s: 'BTCUSDT', i: '1m', f: 5122041311, L: 5122041728,
  o: '61607.90', c: '61624.90', h: '61624.90', l: '61605.30', v: '16.710', n: 418, x: true,
  q: '1029521.00470', V: '12.571', Q: '774523.56400', B: '0',
}; // prettier-ignore

const CANDLE = {
  venue: 'binance-usdm', symbol: 'BTCUSDT', interval: '1m', timestamp: 1719765480000, closeTime: 1719765539999,
  open: 61607.9, high: 61624.9, low: 61605.3, close: 61624.9, volume: 16.71, quoteVolume: 1029521.0047, trades: 418,
  takerBuyVolume: 12.571, takerBuyQuoteVolume: 774523.564, source: 'stream',
}; // prettier-ignore

const event = (k: Fields, more: Fields = {}): Fields => ({ e: 'kline', E: 1719765540037, s: k['s'], k, ...more });
const decode = (value: unknown): StreamMessage | undefined => {
  const messages = binanceUsdm.stream.decode(Buffer.from(JSON.stringify(value)));
  expect(messages).toHaveLength(1);
  return messages[0];
};
const without = (key: string): Fields => Object.fromEntries(Object.entries(K).filter(([name]) => name !== key));

describe('a kline', () => {
  it('is read field by field', () => {
    expect(decode(event(K))).toEqual({
      kind: 'candle',
      candle: CANDLE,
      finality: 'final',
      eventTime: 1719765540037,
    });
  });

  it.each<readonly [what: string, message: Fields, changes: Fields]>([
    ['in the combined envelope', { stream: 'btcusdt@kline_1m', data: event(K) }, {}],
    ['with unknown fields', event({ ...K, z: { x: true }, y: [1] }, { st: 1, extra: null }), {}],
    ['without B, which is to be ignored', event(without('B')), {}],
    ['without a trade: f and L are −1', event({ ...K, f: -1, L: -1, n: 0, v: '0.00000000' }), { trades: 0, volume: 0 }],
    ['of a symbol beyond ASCII', event({ ...K, s: '币安人生USDT' }), { symbol: '币安人生USDT' }],
    ['without s beside k', { e: 'kline', E: 1719765540037, k: K }, {}],
    ['with exponents', event({ ...K, v: '1.671e1' }), {}],
    ['with numbers for texts', event({ ...K, o: 61607.9, v: 16.71 }), {}],
    ['with no digit before the point', event({ ...K, v: '.5' }), { volume: 0.5 }],
    ['with times as texts', event({ ...K, t: '1719765480000', T: '1719765539999' }, { E: '1719765540037' }), {}],
    ['with a count as text', event({ ...K, n: '418' }), {}],
    ['without a count', event(without('n')), { trades: null }],
    ['with an open above its high', event({ ...K, o: '61700' }), { open: 61700 }],
    ['with a close below its low', event({ ...K, c: '61000' }), { close: 61000 }],
    [
      'off the grid',
      event({ ...K, t: 1719765480001, T: 1719765540000 }),
      { timestamp: 1719765480001, closeTime: 1719765540000 },
    ],
    ['that ends after its successor opens', event({ ...K, T: 1719765540998 }), { closeTime: 1719765540998 }],
    ['that is cut short', event({ ...K, T: 1719765500000 }), { closeTime: 1719765500000 }],
  ])('is understood %s', (_what, message, changes) => {
    expect(decode(message)).toMatchObject({ kind: 'candle', candle: { ...CANDLE, ...changes }, finality: 'final' });
  });

  it('is frozen, its keys in the one order, however it was read', () => {
    for (const message of [{ stream: 'btcusdt@kline_1m', data: event(K) }, event(K)]) {
      const decoded = decode(message);
      const candle = decoded?.kind === 'candle' ? decoded.candle : undefined;
      expect(Object.keys(candle ?? {})).toEqual(FIELDS);
      expect(Object.isFrozen(candle)).toBe(true);
    }
  });

  it.each<readonly [interval: string, t: number, T: number]>([
    ['1s', 1719765480000, 1719765480999],
    ['4h', 1719763200000, 1719777599999],
    ['3d', 1719532800000, 1719791999999],
    ['3d', 1719619200000, 1719878399999],
    ['1w', 1719187200000, 1719791999999],
    ['1M', 1717200000000, 1719791999999],
  ])('of %s may open at %i and close at %i', (i, t, T) => {
    expect(decode(event({ ...K, i, t, T }))).toMatchObject({ candle: { interval: i, timestamp: t, closeTime: T } });
  });

  it.each<readonly [reason: string, message: Fields]>([
    ['k.x is not a boolean', event({ ...K, x: 'true' })],
    ['k.x is not a boolean', event(without('x'))],
    ['kline event without k', { e: 'kline', E: 1, s: 'BTCUSDT' }],
    ['E is not a time', { e: 'kline', s: 'BTCUSDT', k: K }],
    ['s and k.s differ', event(K, { s: 'ETHUSDT' })],
    ['k.s is not a symbol', event({ ...K, s: '' })],
    ['k.i is not an interval', event({ ...K, i: '7m' })],
    ['k.i is not an interval', event({ ...K, i: 'toString' })],
    ['k.t is not a time', event({ ...K, t: 'soon' })],
    ['k.t is not a time', event({ ...K, t: 1719765480000000, T: 1719765539999999 })],
    ['k.t is not a time', event({ ...K, t: 9000000000000000, T: 9000000000059999 })],
    ['k.t is not a time', event({ ...K, i: '3d', t: 9000000000000000, T: 9000000259199999 })],
    ['E is not a time', event(K, { E: 1719765540037000 })],
    ['E is not a time', event(K, { E: -1 })],
    ['E is not a time', event(K, { E: 1e300 })],
    ['k.T is not a time', event({ ...K, T: null })],
    ['k.T is not a time', event(without('T'))],
    ['it does not close after it opens', event({ ...K, T: K['t'] })],
    ...['', ' 1', '0x10', 'NaN', 'Infinity', '1e999', null, {}].map(
      (o) => ['a price is not a number', event({ ...K, o })] as const,
    ),
    ['high is below low', event({ ...K, h: '61600' })],
    ['high is below low', event({ ...K, l: '61625' })],
    ...['v', 'q', 'V', 'Q'].map((key) => ['a volume is negative', event({ ...K, [key]: '-1' })] as const),
    ['a volume is not a number', event(without('Q'))],
    ['the number of trades is negative', event({ ...K, n: -1 })],
  ])('is malformed: %s', (reason, message) => {
    expect(decode(message)).toEqual({ kind: 'malformed', reason });
  });
});
