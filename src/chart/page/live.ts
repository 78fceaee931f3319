import { combineLatest, distinctUntilChanged, map, merge, of, switchMap } from 'rxjs';
import type { StreamEvents } from '../wire.ts';
import { follow } from './cell.ts';
import { events$, type Heard } from './event-source.ts';
import { closeSeries, openSeries, type Model } from './model.ts';
import { counted$, isAwake$ } from './tabs.ts';

const ASLEEP: Heard = { type: 'link', data: 'asleep' };

/** Keeps the model as the server tells it, for all open series. */
export function followServer(model: Model): void {
  const open$ = model.series.value$.pipe(
    map(({ open }) => open),
    distinctUntilChanged((a, b) => a.join() === b.join()),
  );
  const heard$ = combineLatest([open$, isAwake$()]).pipe(
    switchMap(([open, isAwake]) => (isAwake ? merge(events$(open, model.marks), counted$()) : of(ASLEEP))),
  );
  follow(heard$, (heard) => take(model, heard));
}

function take(model: Model, heard: Heard): void {
  switch (heard.type) {
    case 'link':
      model.link.set(heard.data);
      break;
    case 'feed':
      model.feed.set(heard.data);
      break;
    case 'points':
      takePoints(model, heard.data);
      break;
    case 'trouble':
      model.change(heard.data.series, { trouble: heard.data.message });
      break;
    case 'ended':
      model.change(heard.data.series, { trouble: 'This symbol no longer trades: there will be no more candles.' });
      break;
  }
}

function takePoints(model: Model, { series, restart, points }: StreamEvents['points']): void {
  if (restart) model.change(series, { points: [], more: true });
  if (model.bookOf(series).trouble !== undefined) model.change(series, { trouble: undefined });
  model.add(series, points);
}

/** Asks again for a series that could not be drawn. */
export function tryAgain(model: Model, key: string): void {
  const { open } = model.series.get();
  model.change(key, { trouble: undefined });
  closeSeries(model, key);
  openSeries(model, key);
  model.series.set({ open, shown: key });
}
