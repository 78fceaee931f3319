import { makeCandle, unusableBecause, type Candle } from '../../core/candle.ts';
import { StoreError } from '../../core/errors.ts';
import { isRecord, kindOf } from '../../core/schema.ts';
import type { CandleSeries } from '../../ports/candle-store.ts';
import type { SqlRow, SqlValue } from './engine.ts';

/** The values of a candle in the order of `COLUMNS`. */
export function valuesOf(candle: Candle): SqlValue[] {
  const { timestamp, closeTime, open, high, low, close, volume, quoteVolume, trades } = candle;
  const { takerBuyVolume, takerBuyQuoteVolume, source } = candle;
  return [
    timestamp, closeTime, open, high, low, close, volume, quoteVolume, trades, takerBuyVolume, takerBuyQuoteVolume, source,
  ]; // prettier-ignore
}

/** A row with the columns of `COLUMNS`, whose types the table sees to. */
export function candleOf({ venue, symbol, interval }: CandleSeries, row: SqlRow): Candle {
  const of = row as unknown as Omit<Candle, keyof CandleSeries>;
  // Field by field: to spread a row costs as much as to read it.
  return makeCandle({
    venue,
    symbol,
    interval,
    timestamp: of.timestamp,
    closeTime: of.closeTime,
    open: of.open,
    high: of.high,
    low: of.low,
    close: of.close,
    volume: of.volume,
    quoteVolume: of.quoteVolume,
    trades: of.trades,
    takerBuyVolume: of.takerBuyVolume,
    takerBuyQuoteVolume: of.takerBuyQuoteVolume,
    source: of.source,
  });
}

/** @throws StoreError for what can be no closed candle */
export function checkCandle(candle: Candle, path: string): void {
  if (!isRecord(candle))
    throw new StoreError('bad candle', path, { what: `does not take ${kindOf(candle)} for a candle` });
  const reason = isRunning(candle) ? 'it is still running' : unusableBecause(candle);
  if (reason === undefined) return;
  const { symbol, interval, timestamp } = candle;
  const what = `does not take the candle ${symbol} ${interval} at ${String(timestamp)}: ${reason}`;
  throw new StoreError('bad candle', path, { what });
}

/** An update of `candles$`. */
function isRunning(candle: Candle): boolean {
  return 'closed' in candle && candle.closed === false;
}
