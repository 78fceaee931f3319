import { isCandle, type FeedState, type Point } from '../wire.ts';

/** How the page's own connection to the server is. */
export type Link = 'connecting' | 'open' | 'lost';

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

/** One light and one sentence: the page's connection first, then the feed's. */
export function statusText(link: Link, feed: FeedState | undefined): StatusText {
  if (link === 'lost')
    return { level: 'bad', text: 'The chart server does not answer. The page goes on by itself once it runs again.' };
  if (link === 'connecting' || feed === undefined) return { level: 'waiting', text: 'Connecting' };
  const detail = feed.detail === '' ? '' : `: ${feed.detail}`;
  if (feed.connection === 'connected') return { level: detail === '' ? 'good' : 'waiting', text: `Connected${detail}` };
  if (feed.connection === 'connecting') return { level: 'waiting', text: `Connecting to the exchange${detail}` };
  return { level: 'bad', text: `No connection to the exchange${detail}` };
}
