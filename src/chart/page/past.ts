import type { Past, SeriesKey } from '../wire.ts';
import type { Model } from './model.ts';
import { getJson } from './requests.ts';

/** A browser draws so many without effort; the view of more is a longer interval. */
const MOST_POINTS = 60_000;
/** After a failure, ms. */
const AGAIN_MS = 3000;

/** Loads older candles of a series, one request at a time. */
export function createPastLoader(model: Model): (key: SeriesKey) => void {
  const loading = new Set<SeriesKey>();
  const load = async (key: SeriesKey, before: number): Promise<void> => {
    const past = await getJson<Past>('/api/past', { series: key, before: String(before), count: '1000' });
    if (model.bookOf(key).points[0]?.timestamp !== before) return;
    model.add(key, past.points);
    model.change(key, { more: past.more });
  };
  return (key) => {
    const { points, more } = model.bookOf(key);
    const [first] = points;
    if (first === undefined || !more || points.length > MOST_POINTS || loading.has(key)) return;
    loading.add(key);
    const done = () => void loading.delete(key);
    load(key, first.timestamp).then(done, () => setTimeout(done, AGAIN_MS));
  };
}
