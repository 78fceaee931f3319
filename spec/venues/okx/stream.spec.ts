import { expect, it } from 'vitest';
import { okxStream } from '../../../src/venues/okx/stream.ts';

it('asks for everything that a connection may carry in one request, as the documents write it', () => {
  const topics = Array.from({ length: okxStream.limits.topicsPerConnection }, (_, n) => `candle1m:A${String(n)}-USDT`);
  const [request, ...more] = okxStream.requests('subscribe', topics, { nextId: () => '1512', now: 0 });
  expect(more).toEqual([]);
  expect(
    request?.text.startsWith('{"id":"1512","op":"subscribe","args":[{"channel":"candle1m","instId":"A0-USDT"},'),
  ).toBe(true);
});

it('splits what is longer than a request may be', () => {
  const topics = Array.from({ length: 1000 }, (_, n) => `candle12Hutc:${'A'.repeat(40)}${String(n)}-USDT-SWAP`);
  const requests = okxStream.requests('unsubscribe', topics, { nextId: () => '1', now: 0 });
  expect(requests.length).toBeGreaterThan(1);
  expect(requests.flatMap((one) => one.topics)).toEqual(topics);
});

it('stays within 64 KB of args on one connection', () => {
  const { topicsPerConnection, topicCharsPerConnection } = okxStream.limits;
  const around = '{"channel":"","instId":""},'.length;
  expect(topicCharsPerConnection + topicsPerConnection * around).toBeLessThan(64 * 1024);
});

it('has room to ask for every topic by itself, and to give it up, within an hour', () => {
  expect(okxStream.limits.sends.every(({ limit, windowMs }) => limit < 480 && windowMs === 3_600_000)).toBe(true);
  expect(okxStream.limits.topicsPerConnection * 2).toBeLessThanOrEqual(480);
});
