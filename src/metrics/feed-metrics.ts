import { CLOSE_BOUNDS_MS, GAP_BOUNDS_MS } from '../core/delay-histogram.ts';
import type { DisconnectReason, WaitedFor } from '../core/events.ts';
import { healthOf } from '../core/health.ts';
import type { FeedStatus, SeriesPhase, SeriesStatus } from '../core/status.ts';
import { each, one, type Figure, type Metric, type Reading } from './metric.ts';

/** What is not counted yet is told as 0: to Prometheus a counter that appears with 1 has not risen. */
const NO_RECONNECTS: Readonly<Record<Exclude<DisconnectReason, 'no longer needed'>, number>> = {
  'closed by peer': 0, refused: 0, 'not found': 0, proxy: 0, certificate: 0, 'no pong': 0, silent: 0, rotation: 0,
  'server shutdown': 0, 'no acknowledgement': 0, rejected: 0, 'silent series': 0,
}; // prettier-ignore
const NO_SERIES: Readonly<Record<SeriesPhase, number>> = {
  starting: 0, 'catching up': 0, live: 0, silent: 0, 'over rest': 0, paused: 0,
}; // prettier-ignore
const NO_WAITS: Readonly<Record<WaitedFor, number>> = {
  clock: 0, 'symbol list': 0, 'first candle': 0, 'last candle': 0, 'page of the past': 0, connections: 0,
}; // prettier-ignore

/** What a feed tells of itself: every row is read out of its status, and nothing else. */
export const FEED_METRICS: readonly Metric<FeedStatus>[] = [
  {
    kind: 'counter', name: 'rx_candles.candles.delivered', unit: '{candle}',
    help: 'Candles delivered, each once per subscription.',
    ...each('source', ({ candles }) => candles),
  },
  {
    kind: 'counter', name: 'rx_candles.candles.dropped', unit: '{candle}',
    help: 'Closes that came again: twice on the stream, or on the stream after they had been fetched.',
    ...each('reason', ({ duplicates, late }) => ({ duplicate: duplicates, late })),
  },
  {
    kind: 'counter', name: 'rx_candles.candles.missing', unit: '{candle}',
    help: 'Candles that the exchange itself does not have.',
    ...each('reason', ({ missingCandles }) => missingCandles),
  },
  {
    kind: 'counter', name: 'rx_candles.candles.rescued', unit: '{candle}',
    help: 'Late closes that were fetched over REST.',
    ...one(({ rescued }) => rescued),
  },
  {
    kind: 'histogram', name: 'rx_candles.close.delay', unit: 's',
    help: "From a candle's close to its delivery, by the exchange's clock; live candles only.",
    boundsMs: CLOSE_BOUNDS_MS,
    read: ({ closeToEmitMs }) => closeToEmitMs,
  },
  {
    kind: 'gauge', name: 'rx_candles.gaps.open', unit: '{gap}',
    help: 'Gaps that are being fetched.',
    ...one(({ openGaps }) => openGaps),
  },
  {
    kind: 'histogram', name: 'rx_candles.gap.fill.duration', unit: 's',
    help: 'How long gaps were open that have been filled.',
    boundsMs: GAP_BOUNDS_MS,
    read: ({ gapFillMs }) => gapFillMs,
  },
  {
    kind: 'counter', name: 'rx_candles.frames.received', unit: '{frame}',
    help: 'Messages about candles on the stream, closed or not.',
    ...one(({ framesReceived }) => framesReceived),
  },
  {
    kind: 'counter', name: 'rx_candles.frames.rejected', unit: '{frame}',
    help: 'Messages on the stream that could not be understood.',
    ...one(({ framesRejected }) => framesRejected),
  },
  {
    kind: 'counter', name: 'rx_candles.frames.decoded_in_full', unit: '{frame}',
    help: 'Updates that nobody wants and that had to be parsed, because the exchange writes them in a new way.',
    ...one(({ framesDecodedInFull }) => framesDecodedInFull),
  },
  {
    kind: 'gauge', name: 'rx_candles.connection.count', unit: '{connection}',
    help: 'WebSocket connections that are open.',
    ...one(({ connections }) => connections),
  },
  {
    kind: 'counter', name: 'rx_candles.connection.reconnects', unit: '{reconnect}',
    help: 'Connections that were lost or replaced; rotation is planned.',
    ...each('reason', ({ reconnects }) => ({ ...NO_RECONNECTS, ...reconnects })),
  },
  {
    kind: 'gauge', name: 'rx_candles.data.last', unit: 's',
    help: "When the stream last delivered anything, by the exchange's clock, since the epoch.",
    ...one(({ lastDataAt }) => inSeconds(lastDataAt)),
  },
  {
    kind: 'gauge', name: 'rx_candles.series.count', unit: '{series}',
    help: 'Series that are subscribed to, by how they are carried.',
    ...each('state', ({ series }) => phasesOf(series)),
  },
  {
    kind: 'counter', name: 'rx_candles.series.completed', unit: '{series}',
    help: 'Series whose symbol has stopped trading.',
    ...one(({ completed }) => completed),
  },
  {
    kind: 'gauge', name: 'rx_candles.series.late', unit: '{series}',
    help: 'Series that are later than they may be; /healthz names them.',
    ...one((status) => healthOf(status).late.length),
  },
  {
    kind: 'gauge', name: 'rx_candles.series.lateness.max', unit: 's',
    help: 'How long the candle that is most overdue has been over.',
    ...one(({ series }) => inSeconds(Math.max(0, ...series.map(({ lateMs }) => lateMs)))),
  },
  {
    kind: 'gauge', name: 'rx_candles.queue.size', unit: '{candle}',
    help: 'Live candles that wait until their subscriber has been given its past.',
    ...one(({ series }) => series.reduce((sum, { queued }) => sum + queued, 0)),
  },
  {
    kind: 'gauge', name: 'rx_candles.waits', unit: '{wait}',
    help: 'What has been waited for longer than ten seconds.',
    ...each('reason', ({ waits }) => countsOf(NO_WAITS, waits.map(({ what }) => what))),
  },
  {
    kind: 'counter', name: 'rx_candles.rest.requests', unit: '{request}',
    help: 'REST requests, by what became of them.',
    ...each('outcome', ({ rest }) => rest.requests),
  },
  {
    kind: 'gauge', name: 'rx_candles.rest.queued', unit: '{request}',
    help: 'REST requests that wait for their turn, those of all feeds that ask this host.',
    ...one(({ rest }) => rest.queued),
  },
  {
    kind: 'gauge', name: 'rx_candles.rest.weight.used', unit: '{weight}',
    help: "What is used of the exchange's limits in the current window, by this address as far as it is known.",
    ...each('limit', ({ rest }) => Object.fromEntries(rest.limits.map(({ name, used }) => [name, used]))),
  },
  {
    kind: 'gauge', name: 'rx_candles.rest.weight.limit', unit: '{weight}',
    help: 'These limits.',
    ...each('limit', ({ rest }) => Object.fromEntries(rest.limits.map(({ name, limit }) => [name, limit]))),
  },
  {
    kind: 'gauge', name: 'rx_candles.clock.offset', unit: 's',
    help: "The exchange's clock minus this machine's.",
    ...one(({ clockOffsetMs }) => inSeconds(clockOffsetMs)),
  },
  {
    kind: 'counter', name: 'rx_candles.handler.time', unit: 's',
    help: "Time spent in subscribers' handlers.",
    ...one(({ handlerMs }) => inSeconds(handlerMs)),
  },
]; // prettier-ignore

/** With `perSeries` alone: a value for each series, of which there may be thousands. */
export const SERIES_METRICS: readonly Figure<FeedStatus>[] = [
  {
    kind: 'counter', name: 'rx_candles.series.candles', unit: '{candle}',
    help: 'Candles of a series that were delivered live.',
    ...eachSeries(({ candles }) => candles),
  },
  {
    kind: 'gauge', name: 'rx_candles.series.lateness', unit: 's',
    help: 'How long the next candle of a series has been over.',
    ...eachSeries(({ lateMs }) => inSeconds(lateMs)),
  },
  {
    kind: 'gauge', name: 'rx_candles.series.last', unit: 's',
    help: 'Open time of the last live candle of a series, since the epoch.',
    ...eachSeries(({ lastTimestamp }) => inSeconds(lastTimestamp)),
  },
]; // prettier-ignore

function eachSeries(read: (series: SeriesStatus) => number | null): Pick<Figure<FeedStatus>, 'by' | 'read'> {
  const readingOf = (series: SeriesStatus): readonly Reading[] => {
    const value = read(series);
    return value === null ? [] : [[value, series.symbol, series.interval]];
  };
  return {
    by: ['rx_candles.symbol', 'rx_candles.interval'],
    read: ({ series }) => series.filter(({ phase }) => phase !== 'catching up').flatMap(readingOf),
  };
}

function phasesOf(series: readonly SeriesStatus[]): Readonly<Record<string, number>> {
  return countsOf(
    NO_SERIES,
    series.map(({ phase }) => phase),
  );
}

function countsOf<K extends string>(none: Readonly<Record<K, number>>, seen: readonly K[]): Record<K, number> {
  const counts: Record<K, number> = { ...none };
  for (const key of seen) counts[key] += 1;
  return counts;
}

function inSeconds(ms: number): number;
function inSeconds(ms: number | null): number | null;
function inSeconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1000;
}
