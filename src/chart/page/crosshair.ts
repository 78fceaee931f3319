import type { Time } from 'lightweight-charts';
import type { Point } from '../wire.ts';
import { secondsOf } from './bars.ts';
import { cell, type Cell } from './cell.ts';
import { priceOf, type ChartView } from './chart-view.ts';

/** The point under the crosshair, moved by mouse or by keys; undefined while there is none. */
export interface Crosshair {
  readonly point: Cell<Point | undefined>;
  /** Moves it by so many candles, from the newest one where there is none. */
  readonly move: (by: number) => void;
  readonly clear: () => void;
}

export function createCrosshair(view: ChartView, points: () => readonly Point[]): Crosshair {
  const point = cell<Point | undefined>(undefined);
  const pointAt = (time: Time | undefined): Point | undefined =>
    time === undefined ? undefined : points().findLast(({ timestamp }) => secondsOf(timestamp) === time);
  view.api.subscribeCrosshairMove(({ time }) => point.set(pointAt(time)));
  return {
    point,
    move: (by) => {
      const all = points();
      const now = point.get();
      const at = now === undefined ? all.length : all.findIndex(({ timestamp }) => timestamp === now.timestamp);
      const place = Math.max(0, Math.min(all.length - 1, at + by));
      const next = all[place];
      if (next === undefined) return;
      bringIntoView(view, place);
      view.api.setCrosshairPosition(priceOf(next, all), secondsOf(next.timestamp), view.candles);
      point.set(next);
    },
    clear: () => {
      view.api.clearCrosshairPosition();
      point.set(undefined);
    },
  };
}

function bringIntoView(view: ChartView, place: number): void {
  const scale = view.api.timeScale();
  const range = scale.getVisibleLogicalRange();
  if (range === null || (place >= range.from && place <= range.to)) return;
  const by = place < range.from ? place - range.from - 1 : place - range.to + 1;
  scale.setVisibleLogicalRange({ from: range.from + by, to: range.to + by });
}
