import { expect, it } from 'vitest';
import { Frame } from '../../../src/testing/server/frame.ts';

it('wraps a message for connections that have envelopes and leaves it bare for others, each made once', () => {
  const frame = new Frame('btcusdt@kline_1m', '{"e":"kline"}', { enveloped: (topic, text) => `${topic}: ${text}` });
  expect(frame.bytes(true).toString()).toBe('btcusdt@kline_1m: {"e":"kline"}');
  expect(frame.bytes(false).toString()).toBe('{"e":"kline"}');
  expect(frame.bytes(true)).toBe(frame.bytes(true));
});
