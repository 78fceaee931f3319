import { describe, expect, it } from 'vitest';
import { binanceSpot } from '../../../src/venues/binance/spot.ts';

describe('binanceSpot', () => {
  it('knows its hosts, and those of its test network', () => {
    expect(binanceSpot.endpoints).toEqual({ stream: 'wss://stream.binance.com:9443', rest: 'https://api.binance.com' });
    expect(binanceSpot.testnet).toEqual({
      stream: 'wss://stream.testnet.binance.vision',
      rest: 'https://testnet.binance.vision',
    });
  });

  it('has candles of a second', () => {
    expect(binanceSpot.intervals.includes('1s')).toBe(true);
    expect(binanceSpot.intervals).toContain('1M');
  });

  it('stays below the limits of the exchange', () => {
    expect(binanceSpot.stream.limits.topicsPerConnection).toBeLessThanOrEqual(200);
    expect(binanceSpot.stream.limits.connects.limit).toBeLessThan(300);
    expect(binanceSpot.timing.graceMs).toBeGreaterThan(binanceSpot.timing.settleMs);
  });

  it('says of its candles which market they are from', () => {
    const k = { t: 0, T: 59_999, s: 'A', i: '1m', o: '1', c: '1', h: '1', l: '1', v: '1', n: 1, x: true };
    const frame = JSON.stringify({ e: 'kline', E: 60_000, k: { ...k, q: '1', V: '1', Q: '1' } });
    expect(binanceSpot.stream.decode(Buffer.from(frame))).toMatchObject([{ candle: { venue: 'binance-spot' } }]);
  });

  it('leaves one of five messages a second for answering pings', () => {
    expect(binanceSpot.stream.limits.sends).toEqual([{ limit: 4, windowMs: 1000, countsPings: true }]);
  });

  it('has a budget of its own, of which a request costs 2 whatever its rows', () => {
    const { budget, candles } = binanceSpot.rest;
    const costOf = (limit: number) => candles({ symbol: 'BTCUSDT', interval: '1m', limit, from: 0 }, 0).cost;
    expect([budget, costOf(1), costOf(1000)]).toEqual(['binance-spot', { weight: 2 }, { weight: 2 }]);
  });
});
