import { makeCandle, unusableBecause, type Candle } from '../../core/candle.ts';
import { closeTimeOf } from '../../core/interval.ts';
import type { CandleMessage } from '../../ports/stream-protocol.ts';
import { isTime, numberOf } from '../values.ts';

/** What a row says: a candle, or why there is none. */
export type RowRead =
  | { readonly candle: Candle; readonly finality: CandleMessage['finality']; readonly reason?: undefined }
  | { readonly candle?: undefined; readonly reason: string };

/** `ts`, open, high, low, close, and at least `vol` and `volCcy`. */
const FEWEST_COLUMNS = 7;
const FINALITY: ReadonlyMap<unknown, CandleMessage['finality']> = new Map([
  ['0', 'running'],
  ['1', 'final'],
  [undefined, 'unknown'],
]);

/**
 * A row of nine columns, alike on the stream and over REST: `ts`, open, high, low, close, `vol`, `volCcy`, `volCcyQuote`,
 * confirm. Rows of 2022 end after `volCcy`: they do not say whether they are closed. Six columns are an index's candle.
 *
 * On derivatives `vol` counts contracts and `volCcy` is in the base asset; on spot `vol` is in the base asset and
 * `volCcy` in the quote asset. `volCcyQuote` is in the quote asset on all. A row does not say when it closes.
 *
 * ```json
 * ["1747094040000","102806.1","102820.4","102806.1","102820.4","1040.37","10.4037","1069603.34883","1"]
 * ```
 *
 * @see https://www.okx.com/docs-v5/en/#order-book-trading-market-data-get-candlesticks, copy of 2026-07-20
 */
export function readRow(row: readonly unknown[], series: Pick<Candle, 'symbol' | 'interval' | 'source'>): RowRead {
  const timestamp = openTimeOf(row);
  if (timestamp === undefined) return { reason: 'ts is not a time' };
  if (row.length < FEWEST_COLUMNS) return { reason: `a row of ${String(row.length)} columns` };
  const finality = FINALITY.get(row[8]);
  if (finality === undefined) return { reason: 'confirm is neither 0 nor 1' };
  const [, open, high, low, close] = row;
  const { volume, quoteVolume } = volumesOf(row, series.symbol);
  const candle = makeCandle({
    venue: 'okx',
    symbol: series.symbol,
    interval: series.interval,
    timestamp,
    closeTime: closeTimeOf(timestamp, series.interval),
    open: numberOf(open),
    high: numberOf(high),
    low: numberOf(low),
    close: numberOf(close),
    volume,
    quoteVolume,
    trades: null,
    takerBuyVolume: null,
    takerBuyQuoteVolume: null,
    source: series.source,
  });
  const reason = unusableBecause(candle);
  return reason === undefined ? { candle, finality } : { reason };
}

/** When a row opens, ms UTC; undefined where it does not say. */
export function openTimeOf(row: readonly unknown[]): number | undefined {
  const time = numberOf(row[0]);
  return isTime(time) && time > 0 ? time : undefined;
}

/** `BTC-USDT-SWAP`, `BTC-USD-260925`; `BTC-USDT` is spot. */
export function isDerivative(symbol: string): boolean {
  return symbol.split('-').length > 2;
}

function volumesOf(row: readonly unknown[], symbol: string): Pick<Candle, 'volume' | 'quoteVolume'> {
  const [vol, volCcy, volCcyQuote] = row.slice(5, 8);
  if (isDerivative(symbol))
    return { volume: numberOf(volCcy), quoteVolume: volCcyQuote === undefined ? null : numberOf(volCcyQuote) };
  return { volume: numberOf(vol), quoteVolume: numberOf(volCcyQuote ?? volCcy) };
}
