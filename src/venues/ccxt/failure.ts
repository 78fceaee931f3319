import { MarketDataError, type MarketDataFailure } from '../../ports/market-data.ts';

/** ccxt's error classes, each before those that it extends (errorHierarchy of ccxt 4.5.84). */
const FAILURES: readonly (readonly [name: string, failure: MarketDataFailure, pauseMs?: number])[] = [
  ['RestrictedLocation', 'geo-blocked'],
  // No class says for how long: the pauses are what exchanges usually ask for.
  ['DDoSProtection', 'banned', 60_000],
  ['RateLimitExceeded', 'rate limited', 10_000],
  ['RequestTimeout', 'timeout'],
  ['ExchangeNotAvailable', 'server'],
  ['NetworkError', 'network'],
  ['BadResponse', 'malformed'],
  ['OperationFailed', 'server'],
  ['BaseError', 'refused'],
];

/** HTTP 451, or its meaning in words: few of ccxt's exchanges throw `RestrictedLocation`. */
const BLOCKED = /\s451(\s|$)|restricted location|not available in your (country|region)/i;
const LONGEST = 300;

/** The names of an error's class and of those that it extends: other copies of ccxt have classes of their own. */
function classesOf(error: unknown): readonly string[] {
  const names: string[] = [];
  for (let one: unknown = error; typeof one === 'object' && one !== null; one = Object.getPrototypeOf(one))
    if (Object.hasOwn(one, 'constructor')) names.push((one.constructor as { readonly name: string }).name);
  return names;
}

/** How a request or a socket failed. An error that is not of ccxt's classes was thrown over an answer that it could not read. */
export function failureOf(error: unknown): MarketDataError {
  const classes = classesOf(error);
  const message = textOf(error);
  const [, failure, retryAfterMs] = FAILURES.find(([name]) => classes.includes(name)) ?? ['', 'malformed' as const];
  const isBlocked = failure !== 'malformed' && BLOCKED.test(message);
  return new MarketDataError(isBlocked ? 'geo-blocked' : failure, message, { retryAfterMs, cause: error });
}

/** Whether the socket was closed because we asked for it. */
export function isClosedByUs(error: unknown): boolean {
  return classesOf(error).includes('ExchangeClosedByUser');
}

/** Without the query of a URL, which may be signed with the keys. */
function textOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/\?\S*/g, '').slice(0, LONGEST);
}
