import { combineLatest, map } from 'rxjs';
import { lastCandle } from './book.ts';
import { follow } from './cell.ts';
import type { Crosshair } from './crosshair.ts';
import { byId, create, setText } from './dom.ts';
import type { Shown } from './shown.ts';
import { readingOf, type Reading } from './reading.ts';

const NOTHING: Reading = { values: [], change: '', direction: 'none', source: '', time: '' };

/** The candle under the crosshair, else the newest one: its values, and where it came from. */
export function mountLegend(shown: Shown, crosshair: Crosshair): void {
  const readings$ = combineLatest([shown.state$, crosshair.point.value$]).pipe(
    map(([{ book, decimals, timeZone }, point]) => {
      // What is under the crosshair may have changed since it came there.
      const now = book.points.findLast(({ timestamp }) => timestamp === point?.timestamp);
      return readingOf(now ?? lastCandle(book.points), book.points, { decimals, timeZone });
    }),
  );
  follow(readings$, (reading) => render(reading ?? NOTHING));
}

function render({ values, change, source, time, direction }: Reading): void {
  byId('legend-values').replaceChildren(...values.map(([name, text]) => entry(name, text)));
  setText(byId('legend-change'), change);
  setText(byId('legend-source'), source);
  setText(byId('legend-time'), time);
  Object.assign(byId('legend').dataset, { direction, source: source.split(' ')[0] });
}

function entry(name: string, text: string): HTMLElement {
  return create('span', { className: 'value' }, create('b', { text: name }), create('span', { text }));
}
