import { describe, expect, it } from 'vitest';
import { binanceCoinm } from '../../../src/venues/binance/coinm.ts';

describe('binanceCoinm', () => {
  it('knows its hosts, and those of its test network', () => {
    expect(binanceCoinm.endpoints).toEqual({
      stream: 'wss://dstream.binance.com/market',
      rest: 'https://dapi.binance.com',
    });
    expect(binanceCoinm.testnet).toEqual({
      stream: 'wss://dstream.binancefuture.com/market',
      rest: 'https://testnet.binancefuture.com',
    });
  });

  it('has no candles of a second', () => {
    expect(binanceCoinm.intervals.includes('1s')).toBe(false);
    expect(binanceCoinm.intervals).toContain('1M');
  });

  it('stays below the limits of the exchange', () => {
    expect(binanceCoinm.stream.limits.topicsPerConnection).toBeLessThanOrEqual(200);
    expect(binanceCoinm.stream.limits.connects.limit).toBeLessThan(300);
    expect(binanceCoinm.timing.graceMs).toBeGreaterThan(binanceCoinm.timing.settleMs);
  });

  it('says of its candles which market they are from', () => {
    const k = { t: 0, T: 59_999, s: 'A', i: '1m', o: '1', c: '1', h: '1', l: '1', v: '1', n: 1, x: true };
    const frame = JSON.stringify({ e: 'kline', E: 60_000, k: { ...k, q: '1', V: '1', Q: '1' } });
    expect(binanceCoinm.stream.decode(Buffer.from(frame))).toMatchObject([{ candle: { venue: 'binance-coinm' } }]);
  });

  it('pages backward over at most 200 days, from a budget shared with USDⓈ-M', () => {
    const { budget, paging } = binanceCoinm.rest;
    expect({ budget, ...paging }).toEqual({
      budget: 'binance-futures',
      pagesFrom: 'newest',
      maxSpanMs: 200 * 86_400_000,
      maxRows: 1000,
      pageRows: 500,
    });
  });
});
