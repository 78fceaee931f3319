/** What the server and the page of the chart say to each other: JSON, times in ms UTC. */

/** One series as both name it: `BTCUSDT:1m`. */
export type SeriesKey = string;

export interface SeriesName {
  readonly symbol: string;
  /** One of the exchange's, or any whole number of seconds, minutes, hours or days: `7m`. */
  readonly interval: string;
}

/** A candle as the chart draws it, closed or running. */
export interface ChartCandle {
  readonly timestamp: number;
  /** Last ms of the candle. */
  readonly closeTime: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly source: 'stream' | 'backfill' | 'history';
  readonly closed: boolean;
}

/** A place on the time axis without a candle: it is being fetched, or the exchange has none. */
export interface EmptySlot {
  readonly timestamp: number;
  readonly hole: 'fetching' | 'missing';
}

export type Point = ChartCandle | EmptySlot;

/** What the feed is doing. */
export interface FeedState {
  readonly connection: 'connected' | 'connecting' | 'lost';
  /** Why it is not connected, or what it waits for; empty where there is nothing to say. */
  readonly detail: string;
  /** The exchange's clock minus this machine's, ms. */
  readonly clockOffsetMs: number;
}

/** The events of `/api/stream`, by name. */
export interface StreamEvents {
  /** Rising in time. `restart`: what the page has of the series does not reach up to the first of them. */
  readonly points: { readonly series: SeriesKey; readonly restart: boolean; readonly points: readonly Point[] };
  /** The series cannot be drawn any further. */
  readonly trouble: { readonly series: SeriesKey; readonly code: string; readonly message: string };
  /** The symbol no longer trades: there will be no more candles. */
  readonly ended: { readonly series: SeriesKey };
  /** Sent at least every ten seconds. */
  readonly feed: FeedState;
}

export type StreamEvent = {
  [K in keyof StreamEvents]: { readonly type: K; readonly data: StreamEvents[K] };
}[keyof StreamEvents];

/** The answer of `/api/about`. */
export interface About {
  readonly venue: string;
  /** What the command line asked for. */
  readonly series: readonly SeriesKey[];
}

/** The answer of `/api/past`: what lies before a time, oldest first. */
export interface Past {
  readonly points: readonly Point[];
  /** Whether the exchange may have more before it. */
  readonly more: boolean;
}

/** One line of `/api/symbols`. */
export interface ListedSymbol {
  readonly symbol: string;
  readonly base: string | null;
  readonly quote: string | null;
  readonly isTrading: boolean;
  readonly priceStep: number | null;
}

/** The answer to what cannot be had. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

export function keyOf({ symbol, interval }: SeriesName): SeriesKey {
  return `${symbol}:${interval}`;
}

/** A symbol may hold colons itself (`BTC/USDT:USDT`), an interval never does. */
export function seriesOf(key: SeriesKey): SeriesName {
  const colon = key.lastIndexOf(':');
  return { symbol: key.slice(0, Math.max(0, colon)), interval: key.slice(colon + 1) };
}

export function isCandle(point: Point | undefined): point is ChartCandle {
  return point !== undefined && 'close' in point;
}
