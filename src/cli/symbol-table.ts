import type { SymbolInfo } from '../index.ts';
import { plain } from './format.ts';
import { fitting, lineOf, textsOf, titlesOf, widened, type Column } from './grid.ts';

const COLUMNS: readonly Column<SymbolInfo>[] = [
  { title: 'symbol', width: 8, rank: 0, align: 'left', text: ({ symbol }) => symbol },
  { title: 'status', width: 8, rank: 1, align: 'left', text: ({ status }) => status },
  { title: 'base', width: 4, rank: 2, align: 'left', text: ({ base }) => base ?? '–' },
  { title: 'quote', width: 5, rank: 2, align: 'left', text: ({ quote }) => quote ?? '–' },
  { title: 'price step', width: 10, rank: 3, align: 'right', text: ({ priceStep }) => numberOf(priceStep) },
  { title: 'quantity step', width: 13, rank: 4, align: 'right', text: ({ quantityStep }) => numberOf(quantityStep) },
  { title: 'listed', width: 10, rank: 5, align: 'left', text: ({ listingTime }) => dayOf(listingTime) },
  { title: 'delivery', width: 10, rank: 6, align: 'left', text: ({ deliveryTime }) => dayOf(deliveryTime) },
];

/** The lines of a table of symbols, its head first, each with its line break. Columns that do not fit are left out. */
export function symbolTable(symbols: readonly SymbolInfo[], room: number | undefined): readonly string[] {
  const rows = [titlesOf(COLUMNS), ...symbols.map((symbol) => textsOf(COLUMNS, symbol))];
  const widths = rows.reduce(widened, COLUMNS.map(({ width }) => width)); // prettier-ignore
  const shape = { columns: COLUMNS, widths, visible: fitting(COLUMNS, widths, room) };
  return rows.map((cells) => `${lineOf(shape, cells)}\n`);
}

function numberOf(value: number | null): string {
  return value === null ? '–' : plain(value);
}

function dayOf(time: number | null): string {
  return time === null ? '–' : new Date(time).toISOString().slice(0, 10);
}
