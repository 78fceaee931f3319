import { makeCandle, unusableBecause, type Candle, type NativeVenueId } from '../../../src/core/candle.ts';
import { closeTimeOf } from '../../../src/core/interval.ts';

/** No venue of the library: candles of it can be told apart from all others. */
export const TOY_ID = 'toy' as string as NativeVenueId;

/** Open time, open, high, low, close, volume, 1 where the candle is final. */
export type ToyRow = readonly [t: number, o: string, h: string, l: string, c: string, v: string, final: number];

/** The candle of a row, or why there is none. */
export function toyCandle(row: unknown, { symbol, interval, source }: Pick<Candle, 'symbol' | 'interval' | 'source'>) {
  if (!Array.isArray(row)) return 'a row is no list';
  const [timestamp, open, high, low, close, volume, final] = row as readonly unknown[];
  if (!Number.isSafeInteger(timestamp) || Number(timestamp) < 0 || Number(timestamp) >= 1e13) return 'no open time';
  if (final !== 0 && final !== 1) return 'neither final nor running';
  const candle = makeCandle({
    venue: TOY_ID,
    symbol,
    interval,
    timestamp: Number(timestamp),
    closeTime: closeTimeOf(Number(timestamp), interval),
    open: numberOf(open),
    high: numberOf(high),
    low: numberOf(low),
    close: numberOf(close),
    volume: numberOf(volume),
    quoteVolume: null,
    trades: null,
    takerBuyVolume: null,
    takerBuyQuoteVolume: null,
    source,
  });
  return unusableBecause(candle) ?? { candle, final: final === 1 };
}

function numberOf(value: unknown): number {
  return typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : NaN;
}
