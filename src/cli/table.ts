import type { Candle } from '../index.ts';
import { plain, type Format } from './format.ts';
import { fitting, lineOf, textsOf, titlesOf, widened, type Column } from './grid.ts';

const number = (
  title: 'open' | 'high' | 'low' | 'close' | 'volume' | 'trades',
  width: number,
  rank: number,
): Column<Candle> => {
  return { title, width, rank, align: 'right', text: (candle) => shown(candle[title]) };
};

/** Binance's prices and volumes need no more than these; a longer one widens its column. */
const COLUMNS: readonly Column<Candle>[] = [
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

/**
 * Aligned columns, one line a candle. Columns that do not fit are left out, the least important first; after a change of
 * width the head is written again.
 *
 * @param columns - the terminal's width now, in columns; undefined or 0, as `script` and some CI say, where it is not known
 */
export function table(columns: () => number | undefined): Format {
  let widths: readonly number[] = COLUMNS.map(({ width }) => width);
  let visible = fitting(COLUMNS, widths, columns());
  const render = (cells: readonly string[]): string => `${lineOf({ columns: COLUMNS, widths, visible }, cells)}\n`;
  return {
    head: render(titlesOf(COLUMNS)),
    line(candle) {
      const cells = textsOf(COLUMNS, candle);
      widths = widened(widths, cells);
      const before = visible;
      visible = fitting(COLUMNS, widths, columns());
      const isSame = visible.every((fits, index) => fits === before[index]);
      return `${isSame ? '' : render(titlesOf(COLUMNS))}${render(cells)}`;
    },
  };
}

function shown(value: number | null): string {
  return value === null ? '–' : plain(value);
}

function timeOf(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace('T', ' ');
}
