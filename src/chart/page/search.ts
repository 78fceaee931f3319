import type { ListedSymbol } from '../wire.ts';
import { keyOf, seriesOf } from '../wire.ts';
import { follow } from './cell.ts';
import { byId, create, setText } from './dom.ts';
import { openSeries, replaceShown, type Model } from './model.ts';
import { findSymbols } from './symbol-search.ts';

/** What a chosen symbol does: come in the place of the shown series, or beside the others. */
export type SearchMode = 'replace' | 'add';

export interface Search {
  /** @param text - what is typed already */
  readonly open: (mode: SearchMode, text?: string) => void;
}

/** The dialog in which a symbol is looked for: arrows and Enter, or a click. */
export function mountSearch(model: Model): Search {
  const dialog = byId<HTMLDialogElement>('search');
  const input = byId<HTMLInputElement>('search-input');
  const list = byId('search-list');
  let mode: SearchMode = 'replace';
  let active = 0;

  const choose = (symbol: string): void => {
    dialog.close();
    const { interval } = seriesOf(model.series.get().shown ?? ':1m');
    const key = keyOf({ symbol, interval });
    if (mode === 'add') openSeries(model, key);
    else replaceShown(model, key);
  };
  const found = (): readonly ListedSymbol[] => findSymbols(model.symbols.get(), input.value);
  const mark = (): void => {
    [...list.children].forEach((option, index) => option.setAttribute('aria-selected', String(index === active)));
    const option = list.children[active];
    input.setAttribute('aria-activedescendant', option?.id ?? '');
    option?.scrollIntoView({ block: 'nearest' });
  };
  const render = (): void => {
    active = 0;
    list.replaceChildren(...found().map((listed, index) => optionFor(listed, index, choose)));
    setText(byId('search-note'), noteFor(model, list.children.length));
    mark();
  };
  input.addEventListener('input', render);
  input.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      active = Math.max(0, Math.min(list.children.length - 1, active + step));
      mark();
    }
    if (event.key !== 'Enter') return;
    event.preventDefault();
    // What the list does not have the server is asked for: it says what may have been meant.
    const symbol = found()[active]?.symbol ?? input.value.trim().toUpperCase();
    if (symbol !== '') choose(symbol);
  });
  follow(model.symbols.value$, render);
  return {
    open: (next, text = '') => {
      mode = next;
      setText(byId('search-title'), next === 'add' ? 'Add a series' : 'Change the symbol');
      input.value = text;
      render();
      if (!dialog.open) dialog.showModal();
    },
  };
}

function optionFor({ symbol, base, quote, isTrading }: ListedSymbol, index: number, choose: (symbol: string) => void) {
  const assets = base === null || quote === null ? '' : `${base} / ${quote}`;
  const attributes = { role: 'option', id: `found-${index}` };
  return create(
    'li',
    { attributes, onClick: () => choose(symbol) },
    create('span', { className: 'row-name', text: symbol }),
    create('span', { className: 'row-length', text: isTrading ? assets : `${assets} · does not trade` }),
  );
}

function noteFor(model: Model, count: number): string {
  const listed = model.symbols.get().length;
  if (listed === 0) return 'The list of symbols is not here yet; a symbol that you know can be typed.';
  return count === 0 ? 'No symbol contains this.' : `${listed} symbols on ${model.venue}`;
}
