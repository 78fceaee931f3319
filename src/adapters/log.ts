import loglevel, { type Logger } from 'loglevel';
import { Console } from 'node:console';
import { Subscription, type Observable } from 'rxjs';
import type { EventOf, EventType, FeedEvent } from '../core/events.ts';
import type { LogLevel } from '../core/log-level.ts';
import { TEMPLATES, type LogTemplate } from './log-templates.ts';
import { LogThrottle } from './log-throttle.ts';

/** Our own console: loglevel writes INFO to stdout, and `process.stderr.write` ends the process once stderr is closed. */
const stderr = new Console(process.stderr, process.stderr);

/** The part of an `EventBus` that the log uses. */
export interface EventSource {
  on<T extends EventType>(type: T): Observable<EventOf<T>>;
}

export interface EventLog {
  /** Warns that running candles have to be decoded in full, and shows the first such frame. */
  readonly warnOfDecoding: (frame: string) => void;
  /** Logs the shutdown at INFO, flushes pending lines, and stops listening. Further calls do nothing. */
  close(): void;
}

/** Characters of a frame that are logged; a kline is shorter. */
const LONGEST_FRAME = 500;

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
