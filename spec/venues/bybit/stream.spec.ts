import { expect, it } from 'vitest';
import { bybitLinear } from '../../../src/venues/bybit/market.ts';

const { stream } = bybitLinear;

it('a request asks for one topic, and carries it in its id', () => {
  let last = 0;
  const requests = stream.requests('unsubscribe', ['kline.1.A', 'kline.D.B'], { nextId: () => String(++last), now: 0 });
  expect(requests.map(({ text }) => text)).toEqual([
    '{"req_id":"1 kline.1.A","op":"unsubscribe","args":["kline.1.A"]}',
    '{"req_id":"2 kline.D.B","op":"unsubscribe","args":["kline.D.B"]}',
  ]);
});

it('each category has a socket of its own', () => {
  expect(stream.urlOf('wss://stream.bybit.com/', 'kline.1.A')).toBe('wss://stream.bybit.com/v5/public/linear');
});
