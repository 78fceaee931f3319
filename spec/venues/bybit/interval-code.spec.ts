import { expect, it } from 'vitest';
import { bybitLinear } from '../../../src/venues/bybit/market.ts';

const { stream } = bybitLinear;

it.each([
  ['1h', 'kline.60.BTCUSDT'],
  ['12h', 'kline.720.BTCUSDT'],
  ['1d', 'kline.D.BTCUSDT'],
  ['1M', 'kline.M.BTCUSDT'],
] as const)('%s is the topic %s', (interval, topic) => {
  expect(stream.topicOf({ symbol: 'BTCUSDT', interval })).toBe(topic);
});
