import { describe, expect, it } from 'vitest';
import { SymbolState, type FakeSymbol } from '../../../src/testing/market/symbols.ts';
import { BINANCE_RULES, type BinanceId } from '../../../src/testing/dialects/binance/rules.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const MINUTE = 60_000;

function symbol(options: Partial<FakeSymbol> = {}, venue: BinanceId = 'binance-usdm'): SymbolState {
  return new SymbolState(BINANCE_RULES[venue], { symbol: 'BTCUSDT', ...options }, { seed: 1, now: NOW });
}

it('writes decimals as the market does: spot pads to eight, futures do not, contracts are whole', () => {
  const closed = NOW - 10 * MINUTE;
  expect(symbol({}, 'binance-spot').kline('1m', closed, NOW).open).toMatch(/^\d+\.\d{8}$/);
  expect(symbol().kline('1m', closed, NOW).open).toMatch(/^\d+\.\d{2}$/);
  expect(symbol({ symbol: 'BTCUSD_PERP' }, 'binance-coinm').kline('1m', closed, NOW).volume).toMatch(/^\d+$/);
});

it('has a 3d grid of its own, from the day of listing or from where it is told', () => {
  const listed = Date.UTC(2026, 0, 2, 8);
  expect(symbol({ listed }).openTimeAt(Date.UTC(2026, 0, 6), '3d')).toBe(Date.UTC(2026, 0, 5));
  expect(symbol({ listed, threeDayAnchor: 0 }).openTimeAt(Date.UTC(2026, 0, 6), '3d') % (3 * 86_400_000)).toBe(0);
});

describe('listing and end', () => {
  const listed = Date.UTC(2026, 0, 1, 8, 30);

  it('starts history in the middle of a bucket', () => {
    const young = symbol({ listed });
    expect(young.has('1h', Date.UTC(2026, 0, 1, 7), NOW)).toBe(false);
    expect(young.has('1h', Date.UTC(2026, 0, 1, 8), NOW)).toBe(true);
    const [half, whole] = [young, symbol()].map((state) => state.kline('1h', Date.UTC(2026, 0, 1, 8), NOW).trades);
    expect(half).toBeLessThan(whole ?? 0);
  });

  it('has no candles after the end, or flat ones where it is told so', () => {
    const ended = NOW - 90_000;
    expect(symbol({ ended }).has('1m', NOW - MINUTE, NOW)).toBe(false);
    const flat = symbol({ ended, flatAfterEnd: true });
    const [last, after] = [NOW - 2 * MINUTE, NOW - MINUTE].map((time) => flat.kline('1m', time, NOW));
    expect(after).toMatchObject({ trades: 0, open: last?.close, close: last?.close });
    expect(last?.trades).toBeGreaterThan(0);
  });

  it('says that a symbol which no longer trades stopped at the last midnight', () => {
    expect(symbol({ status: 'SETTLING' }).has('1m', NOW - MINUTE, NOW)).toBe(false);
    expect(symbol({ status: 'SETTLING' }).has('1m', Date.UTC(2026, 10, 21, 23, 59), NOW)).toBe(true);
  });
});

it('is flat while trading is paused and takes the market up again afterwards', () => {
  const halted = symbol();
  halted.setStatus('TRADING_HALT', NOW);
  expect(halted.trades).toBe(false);
  const during = halted.kline('1m', NOW + MINUTE, Infinity);
  expect(during.trades).toBe(0);
  halted.setStatus('TRADING', NOW + 5 * MINUTE);
  expect(halted.kline('1m', NOW + MINUTE, Infinity)).toEqual(during);
  expect(halted.kline('1m', NOW + 5 * MINUTE, Infinity)).toEqual(symbol().kline('1m', NOW + 5 * MINUTE, Infinity));
});
