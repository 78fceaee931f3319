import loglevel, { type Logger } from 'loglevel';
import { Console } from 'node:console';
import { Subscription, type Observable } from 'rxjs';
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
import type { LogLevel } from '../core/log-level.ts';
import { LogThrottle } from './log-throttle.ts';

/** Our own console: loglevel writes INFO to stdout, and `process.stderr.write` ends the process once stderr is closed. */
const stderr = new Console(process.stderr, process.stderr);

/** The part of an `EventBus` that the log uses. */
export interface EventSource {
  on<T extends EventType>(type: T): Observable<EventOf<T>>;
}

/** The latest time that a Date can hold, ms UTC. */
const LATEST_MS = 8.64e15;

export interface EventLog {
  /** Warns that running candles have to be decoded in full, and shows the first such frame. */
  warnOfDecoding(frame: string): void;
  /** Logs the shutdown at INFO, flushes pending lines, and stops listening. Further calls do nothing. */
  close(): void;
}

/** Characters of a frame that are logged; a kline is shorter. */
const LONGEST_FRAME = 500;

/** How the events of one type are logged. */
interface LogTemplate<E> {
  readonly level: 'info' | 'warn';
  /** Which of them are logged; all if absent. */
  readonly only?: (event: E) => boolean;
  readonly one: (event: E) => string;
  readonly many: (events: readonly E[]) => string;
}

const TEMPLATES: { readonly [T in EventType]: LogTemplate<EventOf<T>> } = {
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

const toStderr: (line: string) => void = stderr.error.bind(stderr);

/**
 * Logs the events of a bus with loglevel, and listens only to those that `level` allows.
 *
 * Each candle is a line at INFO, with all its data at DEBUG. A burst of events of one type is summarized in one line.
 *
 * @param print - takes each line, without a line break; by default it goes to stderr
 */
export function logEvents(bus: EventSource, level: LogLevel = 'warn', print = toStderr): EventLog {
  const logger = loggerAt(level, print);
  const listening = new Subscription();
  for (const [type, template] of templates()) {
    if (isEnabled(logger, template.level)) listening.add(logThrottled(bus.on(type), template, logger));
  }
  if (isEnabled(logger, 'debug')) {
    listening.add(subscribe(bus.on('CANDLE_CLOSED'), ({ candle }) => logger.debug(`candle ${JSON.stringify(candle)}`)));
  }
  return {
    warnOfDecoding(frame) {
      const shown = JSON.stringify(frame.slice(0, LONGEST_FRAME));
      logger.warn(`updates of running candles must be decoded in full; none is lost, but CPU use rises: ${shown}`);
    },
    close() {
      if (listening.closed) return;
      listening.unsubscribe();
      logger.info('feed closed');
    },
  };
}

/** Logs one line that belongs to no event, if `level` allows it. */
export function logLine(level: LogLevel, method: 'info' | 'warn', text: string): void {
  loggerAt(level)[method](text);
}

function logThrottled<E>(
  events$: Observable<E>,
  { level, only, one, many }: LogTemplate<E>,
  logger: Logger,
): Subscription {
  const throttle = new LogThrottle<E>({
    one: (event) => logger[level](one(event)),
    many: (events) => logger[level](many(events)),
  });
  const subscription = subscribe(events$, (event) => {
    if (only?.(event) !== false) throttle.add(event);
  });
  subscription.add(() => throttle.flush());
  return subscription;
}

function subscribe<E>(events$: Observable<E>, handle: (event: E) => void): Subscription {
  // eslint-disable-next-line rxjs-x/no-ignored-error -- a bus never errors
  return events$.subscribe(handle);
}

/** One logger per level, so that feeds with different levels do not affect each other or the root logger. */
function loggerAt(level: LogLevel, print = toStderr): Logger {
  const logger = loglevel.getLogger(`rx-candles:${level}`);
  logger.methodFactory = (methodName) => {
    const name = methodName.toUpperCase();
    return (text: string) => print(`${new Date().toISOString()} ${name} rx-candles: ${text}`);
  };
  logger.setLevel(level, false);
  return logger;
}

function isEnabled(logger: Logger, level: 'debug' | 'info' | 'warn'): boolean {
  return logger.getLevel() <= loglevel.levels[level === 'debug' ? 'DEBUG' : level === 'info' ? 'INFO' : 'WARN'];
}

/** Each type with its template; the compiler cannot follow the pairing through a loop. */
function templates(): [EventType, LogTemplate<FeedEvent>][] {
  return Object.entries(TEMPLATES) as unknown as [EventType, LogTemplate<FeedEvent>][];
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
