import { UNREPORTED, makeCandle, unusableBecause, type Candle, type VenueId } from '../../core/candle.ts';
import type { RejectedRow } from '../../core/evidence.ts';
import { closeTimeOf } from '../../core/interval.ts';
import type { SeriesKey } from '../../ports/stream-protocol.ts';
import type { CcxtRow } from './exchange.ts';

/** Candles of rows, and the rows of which none can be made. */
export interface CcxtCandles {
  readonly candles: readonly Candle[];
  readonly rejected: readonly RejectedRow[];
}

/** The rows of an answer in rising open time, each open time once: ccxt sorts them, and some exchanges repeat one. */
export function inOrder(rows: readonly CcxtRow[]): readonly CcxtRow[] {
  const byOpenTime = new Map(rows.filter((row) => Number.isFinite(row[0])).map((row) => [Number(row[0]), row]));
  return [...byOpenTime].sort(([a], [b]) => a - b).map(([, row]) => row);
}

export function candlesOf(rows: readonly CcxtRow[], series: SeriesKey, venue: VenueId): CcxtCandles {
  const read = rows.map((row) => ({ row, candle: candleOf(row, series, venue) }));
  const judged = read.map((one) => ({ ...one, reason: unusableBecause(one.candle) }));
  return {
    candles: judged.filter(({ reason }) => reason === undefined).map(({ candle }) => candle),
    rejected: judged.flatMap(({ row, candle: { timestamp }, reason }) =>
      reason === undefined ? [] : [{ timestamp, row, reason }],
    ),
  };
}

/** ccxt tells six numbers of a candle; its close time is that of the grid. */
export function candleOf(row: CcxtRow, { symbol, interval }: SeriesKey, venue: VenueId): Candle {
  const [timestamp = NaN, open = NaN, high = NaN, low = NaN, close = NaN, volume = NaN] = row.map(numberOf);
  return makeCandle({
    venue,
    symbol,
    interval,
    timestamp,
    closeTime: closeTimeOf(timestamp, interval),
    open,
    high,
    low,
    close,
    volume,
    ...UNREPORTED,
    source: 'backfill',
  });
}

const numberOf = (value: unknown): number => (typeof value === 'number' ? value : NaN);
