import { SHORTEST_LENGTH_MS, type Interval } from '../../../core/interval.ts';
import type { RestRequest } from '../../faults/rest-faults.ts';
import type { CandlesQuery, VenueView } from '../dialect.ts';
import { intervalOf } from './rules.ts';

export interface Refusal {
  readonly code: string;
  readonly msg: string;
}

/** `candles` has the newest rows of a series alone. */
const NEWEST_ROWS = 1440;
const MOST_ROWS = 300;
const DEFAULT_ROWS = 100;
const THREE_MONTHS = 89 * 86_400_000;

/** The newest rows of what is asked for; both ends are exclusive. */
export function readQuery({ path, query }: RestRequest, { symbols, now }: VenueView): CandlesQuery | Refusal {
  const symbol = symbols.get(query.get('instId') ?? '');
  if (symbol === undefined)
    return { code: '51001', msg: "Instrument ID, Instrument ID code, or Spread ID doesn't exist." };
  const isHistory = path.endsWith('/history-candles');
  const interval = barAsked(query, isHistory);
  if (interval === undefined) return { code: '51000', msg: 'Parameter bar error' };
  const limit = Number(query.get('limit') ?? DEFAULT_ROWS);
  if (!(limit >= 1 && limit <= MOST_ROWS)) return { code: '51000', msg: 'Parameter limit error' };
  return { symbol, interval, limit, ...spanOf(askedIn(query), (isHistory ? historyOf : newestOf)(interval, now)) };
}

/** `candles` has none of a second. */
function barAsked(query: ReadonlyMap<string, string>, isHistory: boolean): Interval | undefined {
  const interval = intervalOf(query.get('bar') ?? '1m');
  return interval === '1s' && !isHistory ? undefined : interval;
}

function spanOf(asked: OpenTimes, served: OpenTimes): Pick<CandlesQuery, 'from' | 'to' | 'keeps'> {
  return { from: Math.max(asked.from, served.from), to: Math.min(asked.to, served.to), keeps: 'newest' };
}

interface OpenTimes {
  readonly from: number;
  readonly to: number;
}

/** `after` is older than, `before` is newer than. */
function askedIn(query: ReadonlyMap<string, string>): OpenTimes {
  return { from: Number(query.get('before') ?? -1) + 1, to: Number(query.get('after') ?? Infinity) - 1 };
}

function newestOf(interval: Interval, now: number): OpenTimes {
  return { from: now - NEWEST_ROWS * SHORTEST_LENGTH_MS[interval] + 1, to: Infinity };
}

/** Of what has closed; candles of a second are kept for three months. */
function historyOf(interval: Interval, now: number): OpenTimes {
  return { from: interval === '1s' ? now - THREE_MONTHS : 0, to: now - SHORTEST_LENGTH_MS[interval] };
}
