import { distinctUntilChanged, filter, map, merge, throttleTime } from 'rxjs';
import { isCandle } from '../wire.ts';
import { follow } from './cell.ts';
import type { Crosshair } from './crosshair.ts';
import { byId, setText } from './dom.ts';
import type { Model } from './model.ts';
import { decimalsFor, readingOf, spoken, spokenClose } from './reading.ts';

/** A screen reader is told of one close in this time at most, ms. */
const SPEAK_MS = 10_000;

/** Says aloud what the chart shows: each close, the candle that keys have chosen, and a change of the connection. */
export function mountAnnouncer(model: Model, crosshair: Crosshair): void {
  const optionsFor = (key: string) => {
    return { decimals: decimalsFor(model, key), timeZone: model.preferences.get().timeZone };
  };
  const closes$ = model.changes$.pipe(
    filter(({ key }) => key === model.series.get().shown),
    map(({ key, book }) => ({ key, point: book.points.findLast((point) => isCandle(point) && point.closed) })),
    distinctUntilChanged((a, b) => a.key === b.key && a.point?.timestamp === b.point?.timestamp),
    throttleTime(SPEAK_MS),
    map(({ key, point }) => (point === undefined ? '' : spokenClose(key, point, optionsFor(key)))),
  );
  const chosen$ = crosshair.point.value$.pipe(
    filter(() => document.activeElement === byId('chart')),
    map((point) => {
      const key = model.series.get().shown ?? '';
      const reading = readingOf(point, model.bookOf(key).points, optionsFor(key));
      return reading === undefined ? '' : spoken(key, reading);
    }),
  );
  follow(merge(closes$, chosen$).pipe(filter((text) => text !== '')), (text) => setText(byId('announcer'), text));
}
