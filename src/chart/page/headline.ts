import { combineLatest, interval, startWith } from 'rxjs';
import { seriesOf } from '../wire.ts';
import { follow } from './cell.ts';
import { byId, setText } from './dom.ts';
import { tryAgain } from './live.ts';
import type { Model } from './model.ts';
import { headlineOf } from './reading.ts';
import type { Shown } from './shown.ts';

const TICK_MS = 250;

/** Symbol, price, change and countdown, in the page and in its title; and what is wrong with the series. */
export function mountHeadline(model: Model, { state$ }: Shown): void {
  const tick$ = interval(TICK_MS).pipe(startWith(0));
  follow(combineLatest([state$, tick$]), ([{ key, book, decimals }]) => {
    const { symbol, interval: length } = seriesOf(key);
    const { price, change, countdown } = headlineOf(book, decimals, model.now());
    const name = key === '' ? 'No series' : `${symbol} ${length}`;
    setText(byId('symbol-name'), symbol === '' ? 'Choose a symbol' : symbol);
    setText(byId('price'), price);
    setText(byId('change'), change);
    byId('change').dataset['direction'] = change.startsWith('−') ? 'down' : 'up';
    setText(byId('countdown'), countdown === '' ? '' : `closes in ${countdown}`);
    const paused = model.link.get() === 'asleep' ? '(paused) ' : '';
    document.title = key === '' ? 'rx-candles' : `${paused}${price} ${name} · rx-candles`;
  });
  follow(state$, ({ book: { points, trouble }, key }) => {
    byId('trouble').hidden = trouble === undefined;
    setText(byId('trouble-text'), trouble ?? '');
    byId('waiting').hidden = points.length > 0 || trouble !== undefined || key === '';
    byId('empty').hidden = key !== '';
  });
  byId('again').addEventListener('click', () => tryAgain(model, model.series.get().shown ?? ''));
}
