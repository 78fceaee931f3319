import { dueAt } from '../due.ts';
import type { Board } from './board.ts';
import type { SourceStatus } from '../candle-source.ts';
import { painted } from './live-table.ts';

export interface StatusView {
  /** The exchange's time, ms UTC. */
  readonly now: number;
  /** The terminal's width. */
  readonly columns: number;
  /** Series for which the terminal has no line. */
  readonly hidden: number;
}

/** How the connection is, when the next candle closes, and how the candles came; as much of it as fits. */
export function statusLine(board: Board, status: SourceStatus, { now, columns, hidden }: StatusView): string {
  const [connection, style] = status.connection;
  const parts = [
    `● ${connection}`,
    ...nextCloseOf(board, now),
    ...(hidden === 0 ? [] : [`${hidden} more series`]),
    ...(status.openGaps === 0 ? [] : [`${status.openGaps} ${status.openGaps === 1 ? 'gap' : 'gaps'} being fetched`]),
    status.origin,
    'Ctrl-C to end',
  ];
  return joined(parts, columns).replace('●', painted(style, '●'));
}

function nextCloseOf(board: Board, now: number): readonly string[] {
  const [soonest] = board.map((row) => ({ row, due: dueAt(row.wanted, now) })).sort((a, b) => a.due - b.due);
  if (soonest === undefined || soonest.due === Infinity) return [];
  return [`next close ${new Date(soonest.due).toISOString().slice(11, 19)} UTC (in ${countdown(soonest.due - now)})`];
}

/** `0:07`, `59:59`, `23:00:00`. */
function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const tail = `${String(minutes).padStart(hours > 0 ? 2 : 1, '0')}:${String(seconds % 60).padStart(2, '0')}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
}

function joined(parts: readonly string[], columns: number): string {
  return parts.reduce((line, part) => (line.length + part.length + 3 > columns ? line : `${line} · ${part}`));
}
