import type { Parsed, Rows } from '../../ports/connector.ts';
import type { KlinesRequest } from '../../ports/market-data.ts';
import { inOrder, withinSpan, withoutRepeats, type ReadRow } from '../kline-rows.ts';
import { bad, excerptOf, good } from '../values.ts';
import { openTimeOf, readRow } from './row.ts';

type PlacedRow = readonly unknown[];

/**
 * Rows of an answer, newest first there. One with confirm `1` is final; the others may still run.
 *
 * @param data - what the answer holds, of any kind
 */
export function rowsOf(data: unknown, request: KlinesRequest): Parsed<Rows> {
  if (!Array.isArray(data)) return bad(`candles: expected a list, got ${excerptOf(data)}`);
  const placed = withoutRepeats((data as readonly unknown[]).filter(isPlaced)).toReversed();
  if (placed.length === 0 && data.length > 0) return bad(`candles: no row can be read: ${excerptOf(data[0])}`);
  const final = new Set<number>();
  const read = placed.map((row) => {
    const { rowRead, isFinal } = readPlaced(row, request);
    if (isFinal) final.add(rowRead.timestamp);
    return rowRead;
  });
  const ordered = inOrder(read);
  const wanted = ordered.ok ? withinSpan(ordered.value, request) : ordered;
  if (!wanted.ok) return wanted;
  const { candles, rejected } = wanted.value;
  return good({ rows: candles.map((candle) => ({ candle, final: final.has(candle.timestamp) })), rejected });
}

function isPlaced(row: unknown): row is PlacedRow {
  return Array.isArray(row) && openTimeOf(row as PlacedRow) !== undefined;
}

function readPlaced(
  row: PlacedRow,
  { symbol, interval }: KlinesRequest,
): { readonly rowRead: ReadRow; readonly isFinal: boolean } {
  const timestamp = openTimeOf(row) ?? 0;
  const read = readRow(row, { symbol, interval, source: 'backfill' });
  if (read.candle !== undefined)
    return { rowRead: { timestamp, candle: read.candle }, isFinal: read.finality === 'final' };
  return { rowRead: { timestamp, rejected: { timestamp, row, reason: read.reason } }, isFinal: false };
}
