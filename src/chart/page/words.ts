import { isCandle, type FeedState, type Point } from '../wire.ts';

/** How the page's own connection to the server is. */
export type Link = 'connecting' | 'open' | 'lost' | 'asleep';

/** How a candle reached the feed, in a word. */
const SOURCES = { stream: 'streamed', backfill: 'fetched', history: 'history' } as const;

const HOLES = {
  fetching: 'no candle yet: it is being fetched',
  missing: 'the exchange has no candle here',
} as const;

export function sourceText(point: Point): string {
  if (!isCandle(point)) return HOLES[point.hole];
  return point.closed ? SOURCES[point.source] : 'running';
}

export interface StatusText {
  readonly level: 'good' | 'waiting' | 'bad';
  readonly text: string;
}

const CONNECTING: StatusText = { level: 'waiting', text: 'Connecting' };

/** What the page's own connection has to say, where that is all there is. */
const LINKS: Readonly<Record<Exclude<Link, 'open'>, StatusText>> = {
  connecting: CONNECTING,
  lost: { level: 'bad', text: 'The chart server does not answer. The page goes on by itself once it runs again.' },
  asleep: { level: 'waiting', text: 'Paused in the background: other tabs need the connection.' },
};

const CONNECTIONS = {
  connected: { level: 'good', text: 'Connected' },
  connecting: { level: 'waiting', text: 'Connecting to the exchange' },
  lost: { level: 'bad', text: 'No connection to the exchange' },
} as const;

/** One light and one sentence: the page's connection first, then the feed's. */
export function statusText(link: Link, feed: FeedState | undefined): StatusText {
  if (link !== 'open') return LINKS[link];
  if (feed === undefined) return CONNECTING;
  const { level, text } = CONNECTIONS[feed.connection];
  if (feed.detail === '') return { level, text };
  return { level: level === 'good' ? 'waiting' : level, text: `${text}: ${feed.detail}` };
}
