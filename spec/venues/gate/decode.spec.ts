import { expect, it } from 'vitest';
import { decode } from '../../../src/venues/gate/decode.ts';

const say = (message: unknown) => decode(Buffer.from(typeof message === 'string' ? message : JSON.stringify(message)));
/** The example of the documentation, copy of 2026-06-28. */
const RESULT = {
  t: '1606292580', v: '2362.32035', c: '19128.1', h: '19128.1', l: '19128.1', o: '19128.1', n: '1m_BTC_USDT', a: '3.8283', w: true,
}; // prettier-ignore
const update = (result: unknown, more = {}) => ({ channel: 'spot.candlesticks', event: 'update', result, ...more });

it('reads the example of the documentation: v is in the quote asset, a in the base asset', () => {
  expect(say(update(RESULT, { time: 1606292600, time_ms: 1_606_292_600_376 }))).toMatchObject([
    {
      kind: 'candle',
      finality: 'final',
      eventTime: 1_606_292_600_376,
      candle: {
        ...{ venue: 'gate-spot', symbol: 'BTC_USDT', interval: '1m', timestamp: 1_606_292_580_000 },
        ...{ closeTime: 1_606_292_639_999, open: 19128.1, volume: 3.8283, quoteVolume: 2362.32035, trades: null },
      },
    },
  ]);
});

it('does not know of a frame without w whether it is closed', () => {
  const { w: _, ...old } = RESULT;
  expect(say(update(old))).toMatchObject([{ kind: 'candle', finality: 'unknown', eventTime: null }]);
});

it.each([
  [{ channel: 'spot.pong', event: '', error: null, result: null }, 'ignored'],
  [{ channel: 'spot.trades', event: 'update', result: {} }, 'ignored'],
  [update({ ...RESULT, n: '10s_BTC_USDT' }), 'ignored'],
  [update({ ...RESULT, n: '7d_BTC_USDT' }), 'ignored'],
  [update({ ...RESULT, n: 7 }), 'malformed'],
  [update({ ...RESULT, w: 'true' }), 'malformed'],
  [update({ ...RESULT, t: 'soon' }), 'malformed'],
  [update({ ...RESULT, c: null }), 'malformed'],
  [update(null), 'malformed'],
  [{ event: 'update', result: RESULT }, 'malformed'],
])('takes %j for %s', (message, kind) => expect(say(message)).toMatchObject([{ kind }]));

it('takes a refusal for one of the topics of its request', () => {
  const refused = { id: 7, event: 'subscribe', error: { code: 2, message: 'unknown currency pair X' }, result: null };
  expect(say(refused)).toEqual([{ kind: 'rejected', id: '7', scope: 'topics', reason: '2: unknown currency pair X' }]);
  expect(say({ ...refused, error: null })).toEqual([{ kind: 'ack', id: '7' }]);
});
