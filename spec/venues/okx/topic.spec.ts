import { expect, it } from 'vitest';
import { argOf, topicOf, topicOfArg } from '../../../src/venues/okx/topic.ts';

it('is a channel and an instrument, there and back', () => {
  const topic = topicOf({ symbol: 'BTC-USDT-SWAP', interval: '1d' });
  expect(topic).toBe('candle1Dutc:BTC-USDT-SWAP');
  expect(argOf(topic)).toEqual({ channel: 'candle1Dutc', instId: 'BTC-USDT-SWAP' });
  expect(topicOfArg(argOf(topic))).toBe(topic);
});

it.each([undefined, 'x', {}, { channel: 'candle1m' }, { channel: 7, instId: 'A-B' }])('is not in %j', (arg) => {
  expect(topicOfArg(arg)).toBeUndefined();
});
