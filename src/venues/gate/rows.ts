import type { Parsed, Rows } from '../../ports/connector.ts';
import type { KlinesRequest } from '../../ports/market-data.ts';
import { inOrder, withinSpan, withoutRepeats, type KlineRows, type ReadRow } from '../kline-rows.ts';
import { bad, excerptOf, good } from '../values.ts';
import { candleOf, openTimeOf } from './candle.ts';

type PlacedRow = readonly unknown[];

/**
 * Rows of an answer, oldest first: open time in seconds, volume in the quote asset, close, high, low, open, volume in the
 * base asset, and `"true"` for a complete candle. No document says whether that is by the clock or by the last trade, so it
 * proves nothing. Where the span that was asked for has more rows than were wanted, the newest are kept.
 *
 * ```json
 * [["1539852480","971519.677","0.0021724","0.0021922","0.0021724","0.0021737","447213.7","true"]]
 * ```
 *
 * @see https://www.gate.com/docs/developers/apiv4/en/#market-k-line-chart, copy of 2026-06-28; the last two columns of the
 *   example are ours, since the documentation's has seven columns for eight
 */
export function rowsOf(body: unknown, request: KlinesRequest): Parsed<Rows> {
  if (!Array.isArray(body)) return bad(`candlesticks: expected a list, got ${excerptOf(body)}`);
  const placed = withoutRepeats((body as readonly unknown[]).filter(isPlaced));
  if (placed.length === 0 && body.length > 0) return bad(`candlesticks: no row can be read: ${excerptOf(body[0])}`);
  const ordered = inOrder(placed.map((row) => readRow(row, request)));
  const wanted = ordered.ok ? withinSpan(ordered.value, request) : ordered;
  if (!wanted.ok) return wanted;
  const { candles, rejected } = newestOf(wanted.value, request.limit);
  return good({ rows: candles.map((candle) => ({ candle, final: false })), rejected });
}

function isPlaced(row: unknown): row is PlacedRow {
  return Array.isArray(row) && openTimeOf(row[0]) !== undefined;
}

function readRow(row: PlacedRow, { symbol, interval }: KlinesRequest): ReadRow {
  const [seconds, quote, close, high, low, open, base] = row;
  const timestamp = openTimeOf(seconds) ?? 0;
  const fields = { timestamp, open, high, low, close, base, quote };
  const candle = candleOf({ symbol, interval, source: 'backfill' }, fields);
  return typeof candle === 'string'
    ? { timestamp, rejected: { timestamp, row, reason: candle } }
    : { timestamp, candle };
}

function newestOf({ candles, rejected }: KlineRows, limit: number): KlineRows {
  const times = [...candles, ...rejected].map(({ timestamp }) => timestamp).sort((a, b) => a - b);
  const first = times.at(-limit) ?? -Infinity;
  const isKept = ({ timestamp }: { readonly timestamp: number }): boolean => timestamp >= first;
  return { candles: candles.filter(isKept), rejected: rejected.filter(isKept) };
}
