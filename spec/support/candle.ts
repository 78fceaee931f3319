import type { Candle } from '../../src/core/candle.ts';
import { closeTimeOf } from '../../src/core/interval.ts';

/** A plain closed candle of BTCUSDT 1m: the one that opens `minute` minutes after the epoch. */
export function candle(minute: number, changes: Partial<Candle> = {}): Candle {
  const interval = changes.interval ?? '1m';
  const timestamp = changes.timestamp ?? minute * 60_000;
  return {
    venue: 'binance-usdm',
    symbol: 'BTCUSDT',
    interval,
    timestamp,
    closeTime: closeTimeOf(timestamp, interval),
    open: 100 + minute,
    high: 102 + minute,
    low: 99 + minute,
    close: 101 + minute,
    volume: 10,
    quoteVolume: 1000,
    trades: 7,
    takerBuyVolume: 4,
    takerBuyQuoteVolume: 400,
    source: 'stream',
    ...changes,
  };
}
