import type { ListedSymbol } from '../wire.ts';
import { keyOf, seriesOf } from '../wire.ts';
import { follow } from './cell.ts';
import { byId, byKind, create, setText } from './dom.ts';
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
  const dialog = byKind('search', HTMLDialogElement);
  const input = byKind('search-input', HTMLInputElement);
  let mode: SearchMode = 'replace';
  const choose = (symbol: string): void => {
    dialog.close();
    const { interval } = seriesOf(model.series.get().shown ?? ':1m');
    (mode === 'add' ? openSeries : replaceShown)(model, keyOf({ symbol, interval }));
  };
  const options = createOptions(input, choose);
  const render = (): void => {
    const found = findSymbols(model.symbols.get(), input.value);
    options.show(found);
    setText(byId('search-note'), noteFor(model, found.length));
  };
  input.addEventListener('input', render);
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

interface Options {
  readonly show: (found: readonly ListedSymbol[]) => void;
}

/** The list below the field; one of it is marked, and Enter takes it. */
function createOptions(input: HTMLInputElement, choose: (symbol: string) => void): Options {
  const list = byId('search-list');
  let [found, active]: [readonly ListedSymbol[], number] = [[], 0];
  const mark = (place: number): void => {
    active = Math.max(0, Math.min(found.length - 1, place));
    [...list.children].forEach((option, index) => option.setAttribute('aria-selected', String(index === active)));
    input.setAttribute('aria-activedescendant', list.children[active]?.id ?? '');
    list.children[active]?.scrollIntoView({ block: 'nearest' });
  };
  const actions: Readonly<Record<string, () => void>> = {
    ArrowDown: () => mark(active + 1),
    ArrowUp: () => mark(active - 1),
    // What the list does not have the server is asked for: it says what may have been meant.
    Enter: () => choose(found[active]?.symbol ?? input.value.trim().toUpperCase()),
  };
  input.addEventListener('keydown', (event) => {
    const action = actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
  return {
    show: (next) => {
      found = next;
      list.replaceChildren(...found.map((listed, index) => optionFor(listed, index, choose)));
      mark(0);
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
