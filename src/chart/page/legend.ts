import { combineLatest, map } from 'rxjs';
import { lastCandle } from './book.ts';
import { follow } from './cell.ts';
import type { Crosshair } from './crosshair.ts';
import { byId, create, setText } from './dom.ts';
import type { Shown } from './shown.ts';
import { readingOf, type Reading } from './reading.ts';

/** The candle under the crosshair, else the newest one: its values, and where it came from. */
export function mountLegend(shown: Shown, crosshair: Crosshair): void {
  const [values, change, source, time] = ['values', 'change', 'source', 'time'].map((name) => byId(`legend-${name}`));
  const render = (reading: Reading | undefined): void => {
    values?.replaceChildren(...(reading?.values ?? []).map(([name, text]) => entry(name, text)));
    for (const [element, text] of [
      [change, reading?.change],
      [source, reading?.source],
      [time, reading?.time],
    ] as const)
      if (element !== undefined) setText(element, text ?? '');
    byId('legend').dataset['direction'] = reading?.direction ?? 'none';
    byId('legend').dataset['source'] = reading?.source.split(' ')[0] ?? '';
  };
  const readings$ = combineLatest([shown.state$, crosshair.point.value$]).pipe(
    map(([{ book, decimals, timeZone }, point]) => {
      // What is under the crosshair may have changed since it came there.
      const now = book.points.findLast(({ timestamp }) => timestamp === point?.timestamp);
      return readingOf(now ?? lastCandle(book.points), book.points, { decimals, timeZone });
    }),
  );
  follow(readings$, render);
}

function entry(name: string, text: string): HTMLElement {
  return create('span', { className: 'value' }, create('b', { text: name }), create('span', { text }));
}
