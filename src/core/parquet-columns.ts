import type { FIELDS } from './candle.ts';
import { type Candle } from './candle.ts';

export type CandleField = (typeof FIELDS)[number];

/** A column's type, as Parquet's own format names it. */
interface ColumnKind {
  readonly type: 'BYTE_ARRAY' | 'INT64' | 'DOUBLE';
  readonly converted_type?: 'UTF8' | 'TIMESTAMP_MILLIS';
  readonly logical_type?: TextType | TimeType;
}

interface TextType {
  readonly type: 'STRING';
}

interface TimeType {
  readonly type: 'TIMESTAMP';
  readonly isAdjustedToUTC: true;
  readonly unit: 'MILLIS';
}

const TEXT: ColumnKind = { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } };
const TIME: ColumnKind = {
  type: 'INT64',
  converted_type: 'TIMESTAMP_MILLIS',
  logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
};
const COUNT: ColumnKind = { type: 'INT64' };
const NUMBER: ColumnKind = { type: 'DOUBLE' };

const KINDS: Readonly<Partial<Record<CandleField, ColumnKind>>> = {
  venue: TEXT, symbol: TEXT, interval: TEXT, source: TEXT, timestamp: TIME, closeTime: TIME, trades: COUNT,
}; // prettier-ignore
/** What a venue may not tell. */
const OPTIONAL: readonly CandleField[] = ['quoteVolume', 'trades', 'takerBuyVolume', 'takerBuyQuoteVolume'];

/** The schema of a Parquet file with these fields of candles as its columns: times as timestamps in UTC, `trades` as INT64. */
export function parquetSchema(fields: readonly CandleField[]) {
  const columns = fields.map((name) => ({
    name,
    ...(KINDS[name] ?? NUMBER),
    repetition_type: OPTIONAL.includes(name) ? ('OPTIONAL' as const) : ('REQUIRED' as const),
  }));
  return [{ name: 'root', num_children: columns.length }, ...columns];
}

/** The values of one column, as its type in the schema wants them. */
export function parquetColumn(name: CandleField, candles: readonly Candle[]) {
  return { name, data: candles.map((candle) => valueOf(name, candle[name])) };
}

function valueOf(name: CandleField, value: string | number | null): unknown {
  if (typeof value !== 'number') return value;
  if (KINDS[name] === TIME) return new Date(value);
  return KINDS[name] === COUNT ? BigInt(value) : value;
}
