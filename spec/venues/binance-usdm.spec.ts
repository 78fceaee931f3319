import { describe, expect, it } from 'vitest';
import { binanceUsdm } from '../../src/venues/binance-usdm.ts';

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
    expect(binanceUsdm.stream.topicsPerConnection).toBeLessThanOrEqual(200);
    expect(binanceUsdm.stream.attemptsPerFiveMinutes).toBeLessThan(300);
    expect(binanceUsdm.graceMs).toBeGreaterThan(binanceUsdm.settleMs);
  });

  it('says of its candles which market they are from', () => {
    const k = { t: 0, T: 59_999, s: 'A', i: '1m', o: '1', c: '1', h: '1', l: '1', v: '1', n: 1, x: true };
    const frame = JSON.stringify({ e: 'kline', E: 60_000, k: { ...k, q: '1', V: '1', Q: '1' } });
    expect(binanceUsdm.decode(Buffer.from(frame))).toMatchObject({ candle: { venue: 'binance-usdm' } });
  });

  it('pages forward in the cheapest requests there are, from a budget shared with COIN-M', () => {
    const { pageRows, klinesWeight, budget, pagesFrom, maxSpanMs } = binanceUsdm.rest;
    expect(pageRows / klinesWeight(pageRows)).toBe(250);
    expect({ budget, pagesFrom, maxSpanMs }).toEqual({
      budget: 'binance-futures',
      pagesFrom: 'oldest',
      maxSpanMs: Infinity,
    });
  });
});
