import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import { addIntervals, addSymbols, toAmount, toCount, toRestUrl, toStreamUrl } from '../../src/cli/arguments.ts';

describe('addIntervals', () => {
  it('takes lists and repetitions, each interval once', () => {
    expect(addIntervals('1m,5m', addIntervals('5m'))).toEqual(['5m', '1m']);
  });

  it.each(['', '7m', '1m,', '1D', '60'])('refuses %j', (text) => {
    expect(() => addIntervals(text)).toThrow(InvalidArgumentError);
  });

  it('minds the case', () => {
    expect([...addIntervals('1m'), ...addIntervals('1M')]).toEqual(['1m', '1M']);
  });
});

describe('addSymbols', () => {
  it('takes each symbol once, however it is written', () => {
    expect(addSymbols('ethusdt, BTCUSDT', addSymbols('btcusdt'))).toEqual(['btcusdt', 'ethusdt']);
    expect(addSymbols('BTC/USDT:USDT')).toEqual(['BTC/USDT:USDT']);
  });

  it.each(['', ' ', 'BTCUSDT,'])('refuses %j', (text) => expect(() => addSymbols(text)).toThrow(InvalidArgumentError));
});

describe('toCount and toAmount', () => {
  it('take whole numbers', () => {
    expect([toCount('1'), toCount('1000000'), toAmount('0')]).toEqual([1, 1_000_000, 0]);
  });

  it.each(['0', '-1', '1.5', '1e3', 'ten', '', '9'.repeat(20)])('refuse %j', (text) =>
    expect(() => toCount(text)).toThrow(InvalidArgumentError),
  );
});

describe('toStreamUrl and toRestUrl', () => {
  it('take the schemes of stream and REST', () => {
    expect(toStreamUrl('wss://fstream.binance.com/market')).toBe('wss://fstream.binance.com/market');
    expect(toRestUrl('http://127.0.0.1:1')).toBe('http://127.0.0.1:1');
  });

  it('refuse all others', () => {
    expect(() => toStreamUrl('https://fapi.binance.com')).toThrow(/ws:\/\/ or wss:\/\//);
    expect(() => toRestUrl('fapi.binance.com')).toThrow(/http:\/\/ or https:\/\//);
  });
});
