import { FIELDS, sameCandle, type Candle, type EpochMs } from '../core/candle.ts';
import type { RejectedRow } from '../core/evidence.ts';
import type { Parsed, Rows } from '../ports/connector.ts';
import type { KlinesRequest } from '../ports/market-data.ts';
import { bad, good } from './values.ts';

/** What one row of an answer is: a candle, or why there is none. */
export type ReadRow = { readonly timestamp: EpochMs } & (
  | { readonly candle: Candle; readonly rejected?: undefined }
  | { readonly rejected: RejectedRow; readonly candle?: undefined }
);

/** Rows of a klines answer, each in rising open time. */
export interface KlineRows {
  readonly candles: readonly Candle[];
  readonly rejected: readonly RejectedRow[];
}

const AMBIGUOUS = 'two rows open at the same time';

/** Leaves out what is written twice in a row. */
export function withoutRepeats<T>(rows: readonly T[]): readonly T[] {
  return rows.filter((row, index) => JSON.stringify(row) !== JSON.stringify(rows[index - 1]));
}

/**
 * Rows of an answer, oldest first. One that is out of order is refused as a whole, because what it leaves out would
 * pass for a hole.
 */
export function inOrder(rows: readonly ReadRow[]): Parsed<KlineRows> {
  if (rows.some(({ timestamp }, index) => timestamp < (rows[index - 1]?.timestamp ?? 0)))
    return bad('klines: open times do not rise');
  const best = bestOfEach(rows);
  return good({
    candles: best.flatMap(({ candle }) => candle ?? []),
    rejected: best.flatMap(({ rejected }) => rejected ?? []),
  });
}

/**
 * The rows of the span that was asked for; those before it are left out. A row after it answers another question, and
 * what else is missing from such an answer nobody knows.
 */
export function withinSpan(
  { candles, rejected }: KlineRows,
  { from = -Infinity, before = Infinity }: Pick<KlinesRequest, 'from' | 'before'>,
): Parsed<KlineRows> {
  const beyond = [...candles, ...rejected].find(({ timestamp }) => timestamp >= before);
  if (beyond !== undefined) return bad(`klines: a row of ${String(beyond.timestamp)}, past the end of the span`);
  const isWanted = ({ timestamp }: { readonly timestamp: EpochMs }): boolean => timestamp >= from;
  return good({ candles: candles.filter(isWanted), rejected: rejected.filter(isWanted) });
}

/** The same for rows that do not say whether they are final. */
export function unconfirmedWithin(parsed: Parsed<KlineRows>, request: KlinesRequest): Parsed<Rows> {
  const wanted = parsed.ok ? withinSpan(parsed.value, request) : parsed;
  if (!wanted.ok) return wanted;
  const { candles, rejected } = wanted.value;
  return good({ rows: candles.map((candle) => ({ candle, final: false })), rejected });
}

/** One row for each open time: a candle has more weight than a row that is none, and of two that differ neither is believed. */
function bestOfEach(rows: readonly ReadRow[]): readonly ReadRow[] {
  const best: ReadRow[] = [];
  for (const row of rows) {
    const last = best.at(-1);
    if (last?.timestamp === row.timestamp) best.splice(-1, 1, bestOf(last, row));
    else best.push(row);
  }
  return best;
}

function bestOf(one: ReadRow, other: ReadRow): ReadRow {
  if (other.candle === undefined || one.rejected?.reason === AMBIGUOUS) return one;
  if (one.candle === undefined) return other;
  return sameCandle(one.candle, other.candle) ? one : ambiguous(one.candle, other.candle);
}

function ambiguous(a: Candle, b: Candle): ReadRow {
  const { timestamp } = a;
  const row = [a, b].flatMap((candle) => FIELDS.slice(3, -1).map((field) => candle[field]));
  return { timestamp, rejected: { timestamp, row, reason: AMBIGUOUS } };
}
