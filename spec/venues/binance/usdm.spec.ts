import { describe, expect, it } from 'vitest';
import { binanceUsdm } from '../../../src/venues/binance/usdm.ts';

describe('binanceUsdm', () => {
  it('knows its hosts, and those of its test network', () => {
    expect(binanceUsdm.endpoints).toEqual({
      stream: 'wss://fstream.binance.com/market',
      rest: 'https://fapi.binance.com',
    });
    expect(binanceUsdm.testnet).toEqual({
      stream: 'wss://fstream.binancefuture.com/market',
      rest: 'https://testnet.binancefuture.com',
    });
  });

  it('has no candles of a second', () => {
    expect(binanceUsdm.intervals.includes('1s')).toBe(false);
    expect(binanceUsdm.intervals).toContain('1M');
  });

  it('stays below the limits of the exchange', () => {
    expect(binanceUsdm.stream.limits.topicsPerConnection).toBeLessThanOrEqual(200);
    expect(binanceUsdm.stream.limits.connects.limit).toBeLessThan(300);
    expect(binanceUsdm.timing.graceMs).toBeGreaterThan(binanceUsdm.timing.settleMs);
  });

  it('says of its candles which market they are from', () => {
    const k = { t: 0, T: 59_999, s: 'A', i: '1m', o: '1', c: '1', h: '1', l: '1', v: '1', n: 1, x: true };
    const frame = JSON.stringify({ e: 'kline', E: 60_000, k: { ...k, q: '1', V: '1', Q: '1' } });
    expect(binanceUsdm.stream.decode(Buffer.from(frame))).toMatchObject([{ candle: { venue: 'binance-usdm' } }]);
  });

  it('pages forward in the cheapest requests there are, from a budget shared with COIN-M', () => {
    const { budget, candles, paging } = binanceUsdm.rest;
    const { pageRows, pagesFrom, maxSpanMs } = paging;
    const { cost } = candles({ symbol: 'BTCUSDT', interval: '1m', limit: pageRows, from: 0 }, 0);
    expect([pageRows, cost]).toEqual([500, { weight: 2 }]);
    expect({ budget, pagesFrom, maxSpanMs }).toEqual({
      budget: 'binance-futures',
      pagesFrom: 'oldest',
      maxSpanMs: Infinity,
    });
  });
});
