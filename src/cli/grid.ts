import stringWidth from 'string-width';

/** One column of a table on a terminal. */
export interface Column<R> {
  readonly title: string;
  /** Least width, in columns of the terminal. */
  readonly width: number;
  readonly align: 'left' | 'right';
  /** Columns of a higher number are left out first where the terminal is too narrow. */
  readonly rank: number;
  readonly text: (row: R) => string;
  /** Colours what `text` gives. */
  readonly paint?: (text: string, row: R) => string;
}

const SPACE = 2;

export function textsOf<R>(columns: readonly Column<R>[], row: R): readonly string[] {
  return columns.map((column) => column.text(row));
}

export function titlesOf<R>(columns: readonly Column<R>[]): readonly string[] {
  return columns.map(({ title }) => title);
}

/** Widths that hold these cells too. `币安人生USDT` has 8 characters and takes 12 columns. */
export function widened(widths: readonly number[], cells: readonly string[]): readonly number[] {
  return widths.map((width, index) => Math.max(width, stringWidth(cells[index] ?? '')));
}

/** Which columns fit, in their order; those of rank 0 in any case. Undefined or 0: the width is not known, all do. */
export function fitting<R>(
  columns: readonly Column<R>[],
  widths: readonly number[],
  room: number | undefined,
): readonly boolean[] {
  const ranks = [...new Set(columns.map(({ rank }) => rank))].sort((a, b) => a - b);
  let left = (room === undefined || room <= 0 ? Infinity : room) + SPACE;
  const fits = new Set(
    ranks.filter((rank) => {
      columns.forEach((column, index) => (left -= column.rank === rank ? SPACE + (widths[index] ?? 0) : 0));
      return left >= 0 || rank === 0;
    }),
  );
  return columns.map(({ rank }) => fits.has(rank));
}

/** How a table is drawn: its columns, how wide each is, and whether it is shown. */
export interface Shape<R> {
  readonly columns: readonly Column<R>[];
  readonly widths: readonly number[];
  readonly visible: readonly boolean[];
}

/** One line of a table, without a line break. */
export function lineOf<R>({ columns, widths, visible }: Shape<R>, cells: readonly string[], row?: R): string {
  const padded = columns.map(({ paint, align }, index) => {
    const cell = cells[index] ?? '';
    const padding = ' '.repeat(Math.max(0, (widths[index] ?? 0) - stringWidth(cell)));
    const text = row === undefined ? cell : (paint?.(cell, row) ?? cell);
    return align === 'left' ? text + padding : padding + text;
  });
  return padded
    .filter((_, index) => visible[index])
    .join(' '.repeat(SPACE))
    .trimEnd();
}
