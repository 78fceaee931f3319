import { map } from 'rxjs';
import type { Feed, FeedStatus } from '../index.ts';
import type { CandleSource, SourceStatus } from './candle-source.ts';
import { lastCloses$ } from './live/last-closes.ts';

/** @param close - what else has to end with the feed */
export function exchangeSource(feed: Feed, close = (): Promise<void> => feed.close()): CandleSource {
  return {
    closedCandles$: (symbol, interval, options) => feed.closedCandles$(symbol, interval, options),
    status$: feed.status$.pipe(map(shownOf)),
    bus: feed.bus,
    feed,
    lastCloses$: (wanted) => lastCloses$(feed, wanted),
    close,
  };
}

function shownOf(status: FeedStatus): SourceStatus {
  const { clockOffsetMs, openGaps, candles } = status;
  return {
    clockOffsetMs,
    openGaps,
    connection: connectionOf(status),
    origin: `${candles.stream} streamed, ${candles.backfill} fetched`,
  };
}

function connectionOf({ connections, streams }: FeedStatus): SourceStatus['connection'] {
  if (connections === 0) return ['no connection', 'red'];
  return streams === 0 ? ['connecting', 'yellow'] : ['connected', 'green'];
}
