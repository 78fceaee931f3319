import { combineLatest, startWith, throttleTime, asyncScheduler } from 'rxjs';
import { seriesOf, type SeriesKey } from '../wire.ts';
import { follow } from './cell.ts';
import { byId, create, setText } from './dom.ts';
import { closeSeries, openSeries, type Model } from './model.ts';
import { decimalsFor, headlineOf } from './reading.ts';

/** Prices of the list are written this often at most, ms. */
const WRITE_MS = 250;

interface Row {
  readonly item: HTMLElement;
  readonly button: HTMLElement;
  readonly price: HTMLElement;
  readonly change: HTMLElement;
}

/** All open series with their prices: a click shows one, a cross closes it. */
export function mountSeriesList(model: Model): void {
  const list = byId('series');
  let rows = new Map<SeriesKey, Row>();
  follow(model.series.value$, ({ open, shown }) => {
    rows = new Map(open.map((key) => [key, rows.get(key) ?? rowFor(model, key)]));
    list.replaceChildren(...[...rows.values()].map(({ item }) => item));
    for (const [key, { button }] of rows) {
      if (key === shown) button.setAttribute('aria-current', 'true');
      else button.removeAttribute('aria-current');
    }
  });
  const written$ = combineLatest([
    model.series.value$,
    model.symbols.value$,
    model.changes$.pipe(startWith(undefined)),
  ]);
  follow(written$.pipe(throttleTime(WRITE_MS, asyncScheduler, { leading: true, trailing: true })), () => {
    for (const [key, row] of rows) write(model, key, row);
  });
}

function rowFor(model: Model, key: SeriesKey): Row {
  const { symbol, interval } = seriesOf(key);
  const price = create('span', { className: 'row-price' });
  const change = create('span', { className: 'row-change' });
  const name = create('span', { className: 'row-name', text: symbol });
  const length = create('span', { className: 'row-length', text: interval });
  const onClick = (): void => openSeries(model, key);
  const button = create(
    'button',
    { className: 'row', attributes: { type: 'button' }, onClick },
    name,
    length,
    price,
    change,
  );
  const label = { 'aria-label': `Close ${symbol} ${interval}`, type: 'button' };
  const cross = create('button', {
    className: 'cross',
    text: '×',
    attributes: label,
    onClick: () => closeSeries(model, key),
  });
  return { item: create('li', {}, button, cross), button, price, change };
}

function write(model: Model, key: SeriesKey, { item, price, change }: Row): void {
  const book = model.bookOf(key);
  const headline = headlineOf(book, decimalsFor(model, key), model.now());
  setText(price, book.trouble === undefined ? headline.price : 'no data');
  setText(change, headline.change);
  item.dataset['direction'] = headline.change.startsWith('−') ? 'down' : 'up';
  item.classList.toggle('is-troubled', book.trouble !== undefined);
}
