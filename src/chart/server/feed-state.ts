import {
  auditTime, concat, delay, distinctUntilChanged, interval, map, merge, of, scan, startWith, switchMap, type Observable,
} from 'rxjs'; // prettier-ignore
import type { EventOf, FeedStatus } from '../../index.ts';
import type { FeedState } from '../wire.ts';
import type { ChartFeed } from './live-candles.ts';

/** A state of this age is sent again, so that a page notices when the server is gone, ms. */
const REPEAT_MS = 10_000;
const SETTLE_MS = 250;
/** A wait that is not told again after ten seconds is over. */
const forgotten$ = of('').pipe(delay(12_000));

type Told = EventOf<'RECONNECTING' | 'CONNECTED' | 'WAITING' | 'GAP_OPENED' | 'GAP_FILLED'>;

/** What the feed is doing: the present state, each change, and again at least every ten seconds. */
export function feedState$(feed: ChartFeed): Observable<FeedState> {
  const told$ = merge(
    feed.bus.on('RECONNECTING'),
    feed.bus.on('CONNECTED'),
    feed.bus.on('WAITING'),
    feed.bus.on('GAP_OPENED'),
    feed.bus.on('GAP_FILLED'),
  );
  const detail$ = told$.pipe(
    switchMap((event) => (isRepeated(event) ? concat(of(detailOf(event)), forgotten$) : of(detailOf(event)))),
    startWith(''),
  );
  return merge(feed.status$.pipe(map((status) => ({ status }))), detail$.pipe(map((detail) => ({ detail })))).pipe(
    scan((known: Known, news: Partial<Known>) => ({ ...known, ...news }), { detail: '' }),
    auditTime(SETTLE_MS),
    map(stateOf),
    distinctUntilChanged((a, b) => JSON.stringify(a) === JSON.stringify(b)),
    switchMap((state) => interval(REPEAT_MS).pipe(map(() => state), startWith(state))), // prettier-ignore
  );
}

function isRepeated({ type }: Told): boolean {
  return type === 'WAITING' || type === 'GAP_OPENED';
}

interface Known {
  readonly status?: FeedStatus;
  readonly detail: string;
}

export function stateOf({ status, detail }: Known): FeedState {
  const { connections = 0, streams = 0, clockOffsetMs } = status ?? {};
  const connection = connections === 0 ? 'lost' : streams === 0 ? 'connecting' : 'connected';
  return { connection, detail, clockOffsetMs: roughly(clockOffsetMs ?? 0) };
}

/** What an event has to say to people; empty where it ends a wait. */
export function detailOf(event: Told): string {
  switch (event.type) {
    case 'RECONNECTING':
      return `${event.detail ?? event.reason}; attempt ${event.attempt} in ${(event.delayMs / 1000).toFixed(1)} s`;
    case 'WAITING':
      return `waiting for ${event.what} for ${Math.round(event.waitedMs / 1000)} s: ${event.reason}`;
    case 'GAP_OPENED':
      return `fetching candles of ${event.symbol} ${event.interval}: ${event.reason}`;
    default:
      return '';
  }
}

/** The offset is for a countdown in seconds; its last digits change all the time. */
function roughly(ms: number): number {
  return Math.round(ms / 100) * 100;
}
