import loglevel, { type Logger } from 'loglevel';
import { Console } from 'node:console';
import { Subscription, type Observable } from 'rxjs';
import type { EpochMs } from '../core/candle.ts';
import type { CandleClosed, EventOf, EventType, FeedEvent } from '../core/events.ts';
import type { LogLevel } from '../core/settings.ts';
import { Summing } from './summing.ts';

/** A console of its own: loglevel writes INFO to stdout, and `process.stderr.write` ends the process once stderr is closed. */
const stderr = new Console(process.stderr, process.stderr);

/** What of an `EventBus` the log needs. */
export interface EventSource {
  on<T extends EventType>(type: T): Observable<EventOf<T>>;
}

export interface EventLog {
  /** Logs the shutdown at INFO, writes what was held back, and stops listening. Calling it again does nothing. */
  close(): void;
}

/** How the events of one type are told. */
interface Telling<E> {
  readonly level: 'info' | 'warn';
  readonly one: (event: E) => string;
  readonly many: (events: readonly E[]) => string;
}

const TELLINGS: { readonly [T in EventType]: Telling<EventOf<T>> } = {
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
    one: ({ attempt, delayMs, reason }) => `reconnecting, attempt ${attempt} in ${Math.round(delayMs)} ms (${reason})`,
    many: (events) => more(events, 'attempts to reconnect'),
  },
  GAP_OPENED: {
    level: 'info',
    one: (event) => `waiting for ${rangeOf(event)} since ${Math.round(event.waitedMs)} ms (${event.reason})`,
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
    one: ({ symbol, interval, since }) =>
      `the stream is silent about ${symbol} ${interval} since ${iso(since)}; going on over REST`,
    many: (events) => `the stream is silent about ${more(events, 'series')}; going on over REST`,
  },
  FRAME_REJECTED: {
    level: 'warn',
    one: ({ reason, excerpt }) => `could not understand a message: ${reason}: ${JSON.stringify(excerpt.slice(0, 120))}`,
    many: (events) => `could not understand ${more(events, 'messages')}`,
  },
};

/**
 * Logs the events of a bus to stderr with loglevel, and listens only to those that `level` lets through.
 *
 * Each candle is a line at INFO, with all its data at DEBUG. Events of one type that come in a crowd are summed up.
 */
export function logEvents(bus: EventSource, level: LogLevel = 'warn'): EventLog {
  const logger = loggerAt(level);
  const listening = new Subscription();
  for (const [type, telling] of tellings()) {
    if (isEnabled(logger, telling.level)) listening.add(tell(bus.on(type), telling, logger));
  }
  if (isEnabled(logger, 'debug')) {
    listening.add(hear(bus.on('CANDLE_CLOSED'), ({ candle }) => logger.debug(`candle ${JSON.stringify(candle)}`)));
  }
  return {
    close() {
      if (listening.closed) return;
      listening.unsubscribe();
      logger.info('the feed is shut down');
    },
  };
}

/** Logs one line that is about no event, if `level` lets it through. */
export function logLine(level: LogLevel, method: 'info' | 'warn', text: string): void {
  loggerAt(level)[method](text);
}

function tell<E>(events$: Observable<E>, { level, one, many }: Telling<E>, logger: Logger): Subscription {
  const summing = new Summing<E>({
    one: (event) => logger[level](one(event)),
    many: (events) => logger[level](many(events)),
  });
  const subscription = hear(events$, (event) => summing.add(event));
  subscription.add(() => summing.flush());
  return subscription;
}

function hear<E>(events$: Observable<E>, handle: (event: E) => void): Subscription {
  // eslint-disable-next-line rxjs-x/no-ignored-error -- a bus never errors
  return events$.subscribe(handle);
}

/** One logger for each level, so that feeds with different levels leave each other alone, and the root logger as it is. */
function loggerAt(level: LogLevel): Logger {
  const logger = loglevel.getLogger(`rx-candles:${level}`);
  logger.methodFactory = (methodName) => {
    const name = methodName.toUpperCase();
    return (text: string) => stderr.error(`${new Date().toISOString()} ${name} rx-candles: ${text}`);
  };
  logger.setLevel(level, false);
  return logger;
}

function isEnabled(logger: Logger, level: 'debug' | 'info' | 'warn'): boolean {
  return logger.getLevel() <= loglevel.levels[level === 'debug' ? 'DEBUG' : level === 'info' ? 'INFO' : 'WARN'];
}

/** Each type with its own telling; the compiler cannot follow the pairing through a loop. */
function tellings(): [EventType, Telling<FeedEvent>][] {
  return Object.entries(TELLINGS) as unknown as [EventType, Telling<FeedEvent>][];
}

function more(events: readonly FeedEvent[], things: string): string {
  return `${events.length.toLocaleString('en-US')} more ${things}`;
}

function rangeOf(event: EventOf<'CANDLE_MISSING' | 'GAP_OPENED' | 'GAP_FILLED'>): string {
  const { symbol, interval, from, to } = event;
  return `${symbol} ${interval} ${from === to ? iso(from) : `${iso(from)} to ${iso(to)}`}`;
}

function closeTimesOf(events: readonly CandleClosed[]): string {
  const times = events.map(({ candle }) => candle.closeTime + 1).sort((a, b) => a - b);
  const [first = 0] = times;
  const last = times.at(-1) ?? first;
  return first === last ? `at ${iso(first)}` : `from ${iso(first)} to ${iso(last)}`;
}

function iso(time: EpochMs): string {
  return new Date(time).toISOString();
}
