import { isCandle, type ChartCandle, type Point } from '../wire.ts';

/** What the page has of one series, oldest first. */
export interface Book {
  readonly points: readonly Point[];
  /** Whether older candles may be asked for. */
  readonly more: boolean;
  /** Why it goes no further; undefined while it does. */
  readonly trouble: string | undefined;
}

export const EMPTY_BOOK: Book = { points: [], more: true, trouble: undefined };

/** What merging has changed: the places of these points, or all of them. */
export interface Merged {
  readonly points: readonly Point[];
  readonly changed: readonly number[] | 'all';
}

/** Takes in points, wherever they belong: a candle heals a gap, a close ends updates, and nothing undoes a close. */
export function merge(points: readonly Point[], incoming: readonly Point[]): Merged {
  const merged = [...points];
  const changed: number[] = [];
  let isShifted = false;
  for (const point of incoming) {
    const place = placeOf(merged, point.timestamp);
    const known = merged[place];
    if (known?.timestamp === point.timestamp) {
      if (!replaces(point, known)) continue;
      merged[place] = point;
    } else {
      isShifted ||= place < merged.length;
      merged.splice(place, 0, point);
    }
    changed.push(place);
  }
  return { points: merged, changed: isShifted ? 'all' : changed };
}

/** Index of the first point at or after a time. Most are new ones, at the end. */
function placeOf(points: readonly Point[], timestamp: number): number {
  let [low, high] = [0, points.length];
  if ((points.at(-1)?.timestamp ?? -Infinity) < timestamp) return high;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.timestamp ?? 0) < timestamp) low = middle + 1;
    else high = middle;
  }
  return low;
}

function replaces(point: Point, known: Point): boolean {
  if (isCandle(point)) return !isCandle(known) || !known.closed || point.closed;
  // An update whose candle the exchange does not have in the end is gone.
  return isCandle(known) ? !known.closed && point.hole === 'missing' : known.hole !== point.hole;
}

/** The newest candle, running or closed. */
export function lastCandle(points: readonly Point[]): ChartCandle | undefined {
  return points.findLast(isCandle);
}

/** Open time of the newest closed candle. */
export function markOf(points: readonly Point[]): number | undefined {
  return points.findLast((point) => isCandle(point) && point.closed)?.timestamp;
}

/** The close before a point, against which its change is counted. */
export function closeBefore(points: readonly Point[], timestamp: number): number | undefined {
  const before = points.findLast((point): point is ChartCandle => isCandle(point) && point.timestamp < timestamp);
  return before?.close;
}
