import type { Candle, EpochMs } from './candle.ts';
import { gapBetween, type Gap } from './gap.ts';

/** Whether everything between two candles of a series is known: no slot, or only slots missing at the exchange. */
export function isUnbroken(before: Candle, after: Candle, gaps: readonly Gap[]): boolean {
  const grid = { interval: before.interval, gridPoint: before.timestamp };
  const hole = gapBetween(before.timestamp, after.timestamp, grid);
  return hole === undefined || gaps.some(({ from, to }) => from <= hole.from && hole.to <= to);
}

/** The rows of a series, in rising open time, before the first one behind something unknown. */
export function unbrokenStart(rows: readonly Candle[], gaps: readonly Gap[]): readonly Candle[] {
  const end = rows.findIndex((row, index) => index > 0 && !isUnbroken(rows[index - 1] ?? row, row, gaps));
  return end < 0 ? rows : rows.slice(0, end);
}

/** The rows behind the last one that something unknown follows. */
export function unbrokenEnd(rows: readonly Candle[], gaps: readonly Gap[]): readonly Candle[] {
  const last = rows.findLastIndex((row, index) => !isUnbroken(row, rows[index + 1] ?? row, gaps));
  return rows.slice(last + 1);
}

/** Whether no candle can open from `from` on and before `first`: there it begins, or a known predecessor says so. */
export function beginsAt(
  from: EpochMs,
  first: Candle,
  known: { before: Candle | undefined; gaps: readonly Gap[] },
): boolean {
  return first.timestamp === from || (known.before !== undefined && isUnbroken(known.before, first, known.gaps));
}
