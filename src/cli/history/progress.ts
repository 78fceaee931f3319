import type { Candle } from '../../index.ts';

/** How far a download is. */
export interface Progress {
  /** Candles in the file. */
  readonly rows: number;
  /** Of these, how many this run has added. */
  readonly added: number;
  /** About how many there will be; undefined until that is known. */
  readonly expected: number | undefined;
  /** Since the first was asked for. */
  readonly elapsedMs: number;
  /** The candle that was written last. */
  readonly current: Candle | undefined;
}

/** Columns of the bar itself, on a narrow terminal and on a wide one. */
const BARS = { short: 10, long: 30, wideFrom: 100 };

/** A line for a terminal: a bar, rows, speed, time left, and which series; as much of it as fits. */
export function progressLine({ rows, added, expected, elapsedMs, current }: Progress, columns: number): string {
  if (expected === undefined) return 'asking for the first candles';
  const done = expected === 0 ? 1 : Math.min(1, rows / expected);
  const perSecond = elapsedMs < 1000 ? undefined : (added * 1000) / elapsedMs;
  const parts = [
    `${bar(done, columns)} ${String(Math.floor(done * 100)).padStart(3)} %`,
    `${number(rows)}/${number(expected)} candles`,
    ...(perSecond === undefined ? [] : [`${number(Math.round(perSecond))}/s`, timeLeft(expected - rows, perSecond)]),
    ...(current === undefined ? [] : [`${current.symbol} ${current.interval}`]),
  ];
  return parts.reduce((line, part) => (line.length + part.length + 2 < columns ? `${line}  ${part}` : line));
}

function bar(done: number, columns: number): string {
  const width = columns < BARS.wideFrom ? BARS.short : BARS.long;
  const full = Math.round(done * width);
  return '█'.repeat(full) + '░'.repeat(width - full);
}

function timeLeft(rows: number, perSecond: number): string {
  if (rows <= 0) return 'done';
  if (perSecond === 0) return 'waiting';
  const seconds = Math.ceil(rows / perSecond);
  if (seconds < 100) return `${seconds} s left`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 100 ? `${minutes} min left` : `${Math.ceil(minutes / 60)} h left`;
}

export function number(value: number): string {
  return value.toLocaleString('en-US');
}
