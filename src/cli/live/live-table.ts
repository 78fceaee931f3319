import { styleText } from 'node:util';
import type { Candle } from '../../index.ts';
import { plain } from '../format.ts';
import { fitting, lineOf, textsOf, titlesOf, widened, type Column, type Shape } from '../grid.ts';
import { CHANGE_DECIMALS, changeOf, MOST_CLOSES, type Board, type Row } from './board.ts';
import { sparkline } from './sparkline.ts';

type Style = Parameters<typeof styleText>[0];

const DAY = 86_400_000;
const NOTHING = '–';
const TREND = 'last closes';

const price = (title: 'open' | 'high' | 'low' | 'close' | 'volume', width: number, rank: number): Column<Row> => {
  return {
    title,
    width,
    rank,
    align: 'right',
    text: ({ last }) => (last === undefined ? NOTHING : plain(last[title])),
  };
};

const COLUMNS: readonly Column<Row>[] = [
  { title: 'symbol', width: 8, rank: 0, align: 'left', text: symbolOf, paint: (cell) => painted('bold', cell) },
  { title: 'length', width: 6, rank: 1, align: 'left', text: ({ wanted }) => wanted.interval },
  { title: 'time (UTC)', width: 10, rank: 3, align: 'left', text: timeOf },
  price('open', 10, 7),
  price('high', 10, 7),
  price('low', 10, 7),
  price('close', 10, 0),
  { title: 'change', width: 8, rank: 2, align: 'right', text: changeText, paint: paintChange },
  price('volume', 12, 5),
  { title: TREND, width: 12, rank: 6, align: 'left', text: () => '' },
  {
    title: 'source',
    width: 8,
    rank: 3,
    align: 'left',
    text: ({ last }) => last?.source ?? NOTHING,
    paint: paintSource,
  },
];

/**
 * The table as it stands: a line of titles and a line for each series. Columns that do not fit are left out, the least
 * important first; the closing prices take the room that is left.
 *
 * @param columns - the terminal's width
 */
export function tableLines(board: Board, columns: number): readonly string[] {
  const cells = board.map((row) => textsOf(COLUMNS, row));
  const titles = titlesOf(COLUMNS);
  const least = [titles, ...cells].reduce(widened, COLUMNS.map(({ width }) => width)); // prettier-ignore
  const visible = fitting(COLUMNS, least, columns);
  const shape = { columns: COLUMNS, visible, widths: withTrend(least, visible, columns) };
  const lines = board.map((row, index) => lineOf(shape, withBars(cells[index] ?? [], row, shape), row));
  return [painted('dim', lineOf(shape, titles)), ...lines];
}

/** The widths, with what is left of the terminal given to the closing prices. */
function withTrend(widths: readonly number[], visible: readonly boolean[], columns: number): readonly number[] {
  const used = widths.reduce((sum, width, index) => sum + (visible[index] === true ? width + 2 : 0), -2);
  return widths.map((width, index) =>
    COLUMNS[index]?.title === TREND ? Math.min(MOST_CLOSES, width + columns - used) : width,
  );
}

function withBars(cells: readonly string[], { closes }: Row, { widths }: Shape<Row>): readonly string[] {
  return cells.map((cell, index) =>
    COLUMNS[index]?.title === TREND ? sparkline(closes.slice(-(widths[index] ?? 0))) : cell,
  );
}

function symbolOf({ last, wanted }: Row): string {
  return last?.symbol ?? wanted.symbol.toUpperCase();
}

/** Open time: the day of a long candle, the time of a short one. */
function timeOf({ last }: Row): string {
  if (last === undefined) return NOTHING;
  const text = new Date(last.timestamp).toISOString();
  return lengthOf(last) >= DAY ? text.slice(0, 10) : text.slice(11, 19);
}

function lengthOf({ timestamp, closeTime }: Candle): number {
  return closeTime + 1 - timestamp;
}

function changeText(row: Row): string {
  const change = changeOf(row);
  return change === undefined ? NOTHING : `${change > 0 ? '+' : ''}${change.toFixed(CHANGE_DECIMALS)} %`;
}

function paintChange(cell: string, row: Row): string {
  const change = changeOf(row) ?? 0;
  if (change === 0) return cell;
  return painted(change > 0 ? 'green' : 'red', cell);
}

function paintSource(cell: string, { last }: Row): string {
  if (last?.source === 'stream') return cell;
  return painted(last?.source === 'backfill' ? 'yellow' : 'dim', cell);
}

/** Whether there is colour was decided before: without it there is no live table. */
export function painted(style: Style, text: string): string {
  return styleText(style, text, { validateStream: false });
}
