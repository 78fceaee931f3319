import { expect, it } from 'vitest';
import { bybitInverse, bybitLinear, bybitSpot } from '../../../src/venues/bybit/market.ts';

const MARKETS = [bybitSpot, bybitLinear, bybitInverse];

it('knows the hosts, and those of the test network', () => {
  for (const { endpoints, testnet } of MARKETS) {
    expect(endpoints).toEqual({ stream: 'wss://stream.bybit.com', rest: 'https://api.bybit.com' });
    expect(testnet).toEqual({ stream: 'wss://stream-testnet.bybit.com', rest: 'https://api-testnet.bybit.com' });
  }
});

it('takes a minute of silence for nothing, as a candle may be pushed once a minute only', () => {
  for (const { timing } of MARKETS) {
    expect(timing.silenceMs).toBeGreaterThan(60_000);
    expect(timing.graceMs).toBeGreaterThan(timing.settleMs);
  }
});

it('stays below the limits of the exchange', () => {
  for (const { stream } of MARKETS) {
    expect(stream.limits.connects.limit).toBeLessThan(500);
    // A quote before and behind each name, and a comma.
    expect(stream.limits.topicCharsPerConnection + 3 * stream.limits.topicsPerConnection).toBeLessThan(21_000);
  }
});

it('says of its candles which market they are from, which no frame does', () => {
  const kline = { start: 0, end: 59_999, interval: '1', open: '1', high: '1', low: '1', close: '1', volume: '1' };
  const data = [{ ...kline, turnover: '1', confirm: true, timestamp: 1 }];
  const frame = Buffer.from(JSON.stringify({ topic: 'kline.1.BTCUSD', data, ts: 60_000, type: 'snapshot' }));
  const venues = MARKETS.map(({ stream }) => stream.decode(frame)[0]).map(
    (one) => one?.kind === 'candle' && one.candle.venue,
  );
  expect(venues).toEqual(['bybit-spot', 'bybit-linear', 'bybit-inverse']);
});
