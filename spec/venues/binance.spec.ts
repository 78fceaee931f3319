import { describe, expect, it } from 'vitest';
import { binanceSpot } from '../../src/venues/binance-spot.ts';
import { binanceUsdm } from '../../src/venues/binance-usdm.ts';
import { futuresKlinesWeight } from '../../src/venues/binance.ts';
import type { Decoded } from '../../src/venues/venue.ts';
import { klineFrame } from '../support/fake-sessions.ts';

describe('other messages', () => {
  it.each<readonly [text: string, decoded: Decoded]>([
    ['{"result":null,"id":7}', { kind: 'reply', id: 7, error: null }],
    ['{"result":["btcusdt@kline_1m"],"id":3}', { kind: 'reply', id: 3, error: null }],
    ['{"error":{"code":4,"msg":"Too many"},"id":7}', { kind: 'reply', id: 7, error: '4: Too many' }],
    ['{"error":{"code":4,"msg":"Too many"}}', { kind: 'reply', id: null, error: '4: Too many' }],
    ['{"code":2,"msg":"Invalid request","id":7}', { kind: 'reply', id: 7, error: '2: Invalid request' }],
    ['{"code":3,"msg":"Invalid JSON"}', { kind: 'reply', id: null, error: '3: Invalid JSON' }],
    ['{"e":"serverShutdown","E":1}', { kind: 'shutdown' }],
    ['{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1}}', { kind: 'shutdown' }],
    ['{"stream":"x@aggTrade","data":{"e":"aggTrade","E":1}}', { kind: 'other' }],
    ['{"stream":"!ticker@arr","data":[]}', { kind: 'other' }],
    ['{"e":"continuous_kline","ps":"BTCUSDT","k":{"x":true}}', { kind: 'other' }],
    ['{"stream":"x"}', { kind: 'malformed', reason: 'no data in the envelope' }],
    ['{}', { kind: 'malformed', reason: 'neither an event nor a reply' }],
    ...['', 'x', 'null', '7', '[]', '"x"', '{"e":"kline"'].map(
      (text) => [text, { kind: 'malformed', reason: 'not a JSON object' }] as const,
    ),
  ])('%s', (text, decoded) => {
    expect(binanceUsdm.decode(Buffer.from(text))).toEqual(decoded);
  });

  it('is malformed where its bytes are not UTF-8', () => {
    const frame = Buffer.from(klineFrame('btcusdt@kline_1m', 60_000, true));
    frame[frame.indexOf('BTC')] = 0xff;
    expect(binanceUsdm.decode(frame)).toEqual({ kind: 'malformed', reason: 'not UTF-8' });
  });
});

describe('requests', () => {
  it.each([
    ['BTCUSDT', '1m', 'btcusdt@kline_1m'],
    ['BTCUSD_PERP', '1M', 'btcusd_perp@kline_1M'],
    ['币安人生USDT', '1h', '币安人生usdt@kline_1h'],
    ['İUSDT', '1h', 'İusdt@kline_1h'],
  ] as const)('%s %s is the topic %s', (symbol, interval, topic) => {
    expect(binanceUsdm.topicOf(symbol, interval)).toBe(topic);
  });

  it('name their topics and an id', () => {
    const text = binanceSpot.encode('UNSUBSCRIBE', ['a@kline_1m', 'b@kline_1m'], 9);
    expect(text).toBe('{"method":"UNSUBSCRIBE","params":["a@kline_1m","b@kline_1m"],"id":9}');
  });
});

describe('futures klines', () => {
  it.each([
    [1, 1], [100, 1], [101, 2], [500, 2], [501, 5], [1000, 5], [1001, 10], [1500, 10],
  ])('weigh a futures request for %i rows as %i', (limit, weight) => {
    expect(futuresKlinesWeight(limit)).toBe(weight);
  }); // prettier-ignore
});
