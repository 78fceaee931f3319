import { CLOSE_BOUNDS_MS, DelayCounter, GAP_BOUNDS_MS } from '../../src/core/delay-histogram.ts';
import type { FeedStatus, SeriesStatus } from '../../src/core/status.ts';
import { NO_REQUESTS } from '../../src/feed/rest/request-counter.ts';

/** A series that is on time. */
export const seriesStatus = (changes: Partial<SeriesStatus> = {}): SeriesStatus => ({
  symbol: 'BTCUSDT',
  interval: '1m',
  phase: 'live',
  candles: 0,
  lastTimestamp: null,
  lateMs: 0,
  reason: null,
  queued: 0,
  ...changes,
});

/** A feed that has done nothing yet. */
export const feedStatus = (changes: Partial<FeedStatus> = {}): FeedStatus => ({
  venue: 'binance-spot',
  closed: false,
  connections: 0,
  streams: 0,
  redundant: 0,
  reconnects: {},
  framesReceived: 0,
  framesRejected: 0,
  framesDecodedInFull: 0,
  lastDataAt: null,
  clockOffsetMs: null,
  candles: { stream: 0, backfill: 0, history: 0 },
  rescued: 0,
  filled: 0,
  gapFillMs: new DelayCounter(GAP_BOUNDS_MS).snapshot(),
  openGaps: 0,
  missing: 0,
  missingCandles: { absent: 0, rejected: 0, 'no trades': 0 },
  duplicates: 0,
  late: 0,
  handlerMs: 0,
  slowestHandlerMs: 0,
  closeToEmitMs: new DelayCounter(CLOSE_BOUNDS_MS).snapshot(),
  series: [],
  completed: 0,
  lateAfterMs: 12_000,
  waits: [],
  rest: NO_REQUESTS,
  ...changes,
});
