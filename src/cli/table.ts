import { eastAsianWidth } from 'get-east-asian-width';
import type { Candle } from '../index.ts';
import { plain, type Format } from './format.ts';

interface Column {
  readonly title: string;
  readonly width: number;
  readonly align: 'left' | 'right';
  /** The columns of a higher number go first where the terminal is too narrow. */
  readonly rank: number;
  text(candle: Candle): string;
}

const number = (
  title: 'open' | 'high' | 'low' | 'close' | 'volume' | 'trades',
  width: number,
  rank: number,
): Column => {
  return { title, width, rank, align: 'right', text: (candle) => shown(candle[title]) };
};

/** Binance's prices and volumes need no more than these; a longer one widens its column. */
const COLUMNS: readonly Column[] = [
  { title: 'open time (UTC)', width: 19, rank: 1, align: 'left', text: ({ timestamp }) => timeOf(timestamp) },
  { title: 'symbol', width: 8, rank: 0, align: 'left', text: ({ symbol }) => symbol },
  { title: 'length', width: 6, rank: 2, align: 'left', text: ({ interval }) => interval },
  number('open', 10, 5),
  number('high', 10, 4),
  number('low', 10, 4),
  number('close', 10, 0),
  number('volume', 12, 3),
  number('trades', 6, 6),
  { title: 'source', width: 8, rank: 3, align: 'left', text: ({ source }) => source },
];

const SPACE = 2;

/**
 * Aligned columns for a terminal. Columns that do not fit are left out, the least important first; after a change of
 * width the head is written again.
 *
 * @param columns - the terminal's width now, in columns; undefined or 0, as `script` and some CI say, where it is not known
 */
export function table(columns: () => number | undefined): Format {
  let widths = COLUMNS.map(({ width }) => width);
  let visible = visibleIn(columns(), widths);
  const render = (cells: readonly string[]): string => rowOf(cells, visible, widths);
  return {
    head: render(COLUMNS.map(({ title }) => title)),
    line(candle) {
      const cells = COLUMNS.map((column) => column.text(candle));
      widths = widths.map((width, index) => Math.max(width, columnsOf(cells[index] ?? '')));
      const fitting = visibleIn(columns(), widths);
      const isSame = fitting.length === visible.length && fitting.every((column) => visible.includes(column));
      visible = fitting;
      return `${isSame ? '' : render(COLUMNS.map(({ title }) => title))}${render(cells)}`;
    },
  };
}

/** The columns that fit, in their order; at least the two that say what it is about. */
function visibleIn(columns: number | undefined, widths: readonly number[]): readonly Column[] {
  const ranked = [...COLUMNS].sort((a, b) => a.rank - b.rank);
  let left = (columns === undefined || columns <= 0 ? Infinity : columns) + SPACE;
  const fitting = ranked.filter((column) => {
    left -= SPACE + (widths[COLUMNS.indexOf(column)] ?? 0);
    return left >= 0 || column.rank === 0;
  });
  return COLUMNS.filter((column) => fitting.includes(column));
}

function rowOf(cells: readonly string[], visible: readonly Column[], widths: readonly number[]): string {
  const padded = visible.map((column) => {
    const index = COLUMNS.indexOf(column);
    const [cell, width] = [cells[index] ?? '', widths[index] ?? 0];
    const padding = ' '.repeat(Math.max(0, width - columnsOf(cell)));
    return column.align === 'left' ? cell + padding : padding + cell;
  });
  return `${padded.join(' '.repeat(SPACE)).trimEnd()}\n`;
}

/** Columns of a terminal that a text takes: `币安人生USDT` has 8 characters and takes 12. */
function columnsOf(text: string): number {
  return Array.from(text).reduce((sum, character) => sum + eastAsianWidth(character.codePointAt(0) ?? 0), 0);
}

function shown(value: number | null): string {
  return value === null ? '–' : plain(value);
}

function timeOf(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace('T', ' ');
}
