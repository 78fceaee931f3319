import type { EpochMs } from '../core/candle.ts';
import { causeOf, hostOf } from '../core/cause.ts';
import {
  TELL_EVERY_MS,
  type CandleClosed,
  type CandleMissing,
  type EventOf,
  type EventType,
  type FeedEvent,
  type Reconnecting,
} from '../core/events.ts';

/** The latest time that a Date can hold, ms UTC. */
const LATEST_MS = 8.64e15;

/** How the events of one type are logged. */
export interface LogTemplate<E> {
  readonly level: 'info' | 'warn';
  /** Which of them are logged; all if absent. */
  readonly only?: (event: E) => boolean;
  readonly one: (event: E) => string;
  readonly many: (events: readonly E[]) => string;
}

/** What is logged of each event: a new type of event gets its words here. */
export const TEMPLATES: { readonly [T in EventType]: LogTemplate<EventOf<T>> } = {
  CANDLE_CLOSED: {
    level: 'info',
    one: ({ symbol, interval, candle }) => `closed ${symbol} ${interval} ${iso(candle.timestamp)}`,
    many: (events) => `closed ${events.length.toLocaleString('en-US')} more candles ${closeTimesOf(events)}`,
  },
  CANDLE_MISSING: {
    level: 'warn',
    one: (event) => `the exchange has no candles of ${rangeOf(event)}`,
    many: (events) => `the exchange has no candles in ${more(events, 'ranges')}`,
  },
  HISTORY_TRUNCATED: {
    level: 'warn',
    one: (event) => `the exchange gives no candles as old as ${rangeOf(event)}`,
    many: (events) => `the exchange gives no candles as old as asked for in ${more(events, 'series')}`,
  },
  CONNECTED: {
    level: 'info',
    one: ({ connection, url }) => `connection ${connection} is open (${url})`,
    many: (events) => more(events, 'connections are open'),
  },
  DISCONNECTED: {
    level: 'info',
    one: ({ connection, reason, closeCode, detail }) =>
      `connection ${connection} is closed: ${[reason, closeCode, detail].filter((part) => part !== undefined).join(', ')}`,
    many: (events) => more(events, 'connections are closed'),
  },
  RECONNECTING: {
    level: 'warn',
    one: (event) =>
      `reconnecting to ${hostOf(event.url)}, attempt ${event.attempt} in ${Math.round(event.delayMs)} ms: ${causeOf(event)}`,
    many: (events) => `${more(events, 'attempts to reconnect')}, ${lastOf(events)}`,
  },
  GAP_OPENED: {
    level: 'info',
    one: (event) => `waiting for ${rangeOf(event)} for ${Math.round(event.waitedMs)} ms (${event.reason})`,
    many: (events) => `waiting for candles of ${more(events, 'gaps')}`,
  },
  GAP_FILLED: {
    level: 'info',
    one: (event) => `filled ${rangeOf(event)} after ${Math.round(event.durationMs)} ms`,
    many: (events) => `filled ${more(events, 'gaps')}`,
  },
  CLOSE_RESCUED: {
    level: 'info',
    one: ({ symbol, interval, timestamp, lateMs }) =>
      `fetched the close of ${symbol} ${interval} ${iso(timestamp)}, ${Math.round(lateMs)} ms late`,
    many: (events) => `fetched the closes of ${more(events, 'candles')}`,
  },
  SERIES_SILENT: {
    level: 'warn',
    one: ({ symbol, interval, since }) => `no stream data for ${symbol} ${interval} since ${iso(since)}; using REST`,
    many: (events) => `no stream data for ${more(events, 'series')}; using REST`,
  },
  FRAME_REJECTED: {
    level: 'warn',
    one: ({ reason, excerpt }) => `could not decode a message: ${reason}: ${JSON.stringify(excerpt.slice(0, 120))}`,
    many: (events) => `could not decode ${more(events, 'messages')}`,
  },
  ROW_REJECTED: {
    level: 'warn',
    one: ({ symbol, interval, timestamp, reason, row }) =>
      `the row of ${symbol} ${interval} ${iso(timestamp)} is not a valid candle: ${reason}: ${JSON.stringify(row).slice(0, 200)}`,
    many: (events) => more(events, 'rows are not valid candles'),
  },
  WAITING: {
    level: 'warn',
    // Logged after 10, 20, 40, 80 … s.
    only: ({ waitedMs }) => isPowerOfTwo(Math.round(waitedMs / TELL_EVERY_MS)),
    one: ({ what, symbol, interval, reason, waitedMs }) =>
      `waiting for the ${what}${symbol === undefined ? '' : ` of ${symbol} ${interval ?? ''}`} for ${Math.round(waitedMs / 1000)} s (${reason})`,
    many: (events) => `waiting for ${more(events, 'things')}`,
  },
};

function isPowerOfTwo(count: number): boolean {
  return Number.isInteger(Math.log2(count));
}

function more(events: readonly FeedEvent[], things: string): string {
  return `${events.length.toLocaleString('en-US')} more ${things}`;
}

function lastOf(events: readonly Reconnecting[]): string {
  const last = events.at(-1);
  return last === undefined ? 'none' : `the last to ${hostOf(last.url)}: ${causeOf(last)}`;
}

function rangeOf({ symbol, interval, from, to }: Pick<CandleMissing, 'symbol' | 'interval' | 'from' | 'to'>): string {
  return `${symbol} ${interval} ${from === to ? iso(from) : `${iso(from)} to ${iso(to)}`}`;
}

function closeTimesOf(events: readonly CandleClosed[]): string {
  const times = events.map(({ candle }) => candle.closeTime + 1).sort((a, b) => a - b);
  const [first = 0] = times;
  const last = times.at(-1) ?? first;
  return first === last ? `at ${iso(first)}` : `from ${iso(first)} to ${iso(last)}`;
}

function iso(time: EpochMs): string {
  // No event should have such a time, but a log line must never throw.
  return Math.abs(time) <= LATEST_MS ? new Date(time).toISOString() : String(time);
}
