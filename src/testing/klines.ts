import type { EpochMs } from '../core/candle.ts';
import { isInterval, nextOpenTime, type Interval } from '../core/interval.ts';
import type { SymbolState } from './symbols.ts';
import { rowOf, type Row } from './wire.ts';
import type { VenueState, World } from './world.ts';

/** The exchange's own error: status and body. */
export interface Refusal {
  readonly status: number;
  readonly code: number;
  readonly msg: string;
}

export interface KlinesQuery {
  readonly symbol: SymbolState;
  readonly interval: Interval;
  readonly startTime: EpochMs | undefined;
  readonly endTime: EpochMs | undefined;
  readonly limit: number;
}

const refusal = (code: number, msg: string): Refusal => ({ status: 400, code, msg });

/** Reads the query as the exchange does, with its own complaints (FACTS 4.3). */
export function readQuery(state: VenueState, query: ReadonlyMap<string, string>): KlinesQuery | Refusal {
  const { rules } = state;
  const [name, interval, limitText] = [query.get('symbol'), query.get('interval'), query.get('limit')];
  if (name === undefined)
    return refusal(-1102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed.");
  if (interval === undefined)
    return refusal(-1102, "Mandatory parameter 'interval' was not sent, was empty/null, or malformed.");
  const symbol = state.symbols.get(name.replace(/[a-z]+/g, (letters) => letters.toUpperCase()));
  if (symbol === undefined) return refusal(-1121, 'Invalid symbol.');
  if (!isInterval(interval) || !rules.intervals.includes(interval)) return refusal(-1120, 'Invalid interval.');
  const [startTime, endTime, limit] = [query.get('startTime'), query.get('endTime'), limitText ?? '500'].map(
    wholeNumber,
  );
  if (Number.isNaN(startTime) || Number.isNaN(endTime) || limit === undefined || Number.isNaN(limit)) {
    return refusal(-1100, "Illegal characters found in a parameter; legal range is '^[0-9]{1,20}$'.");
  }
  if (limit < 1 || limit > rules.maxRows) return refusal(-1130, "Data sent for parameter 'limit' is not valid.");
  if (endTime !== undefined && startTime !== undefined && endTime - startTime > rules.maxSpanMs) {
    return refusal(-1130, "Data sent for parameter 'startTime' is not valid: the range is longer than 200 days.");
  }
  return { symbol, interval, startTime, endTime, limit };
}

function wholeNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return /^\d{1,20}$/.test(text) ? Number(text) : NaN;
}

/** The rows of an answer, in rising open time (FACTS 4.1): the running candle last, unless `endTime` leaves it out. */
export function rowsOf(world: World, state: VenueState, query: KlinesQuery): Row[] {
  const { view } = world.faults.rest;
  if (view.emptyAnswers > 0 && world.random() < view.emptyAnswers) return [];
  const asOf = world.faults.rest.asOf(world.clock.now());
  return openTimes(world, state, { ...query, asOf })
    .filter(() => view.missingRows === 0 || world.random() >= view.missingRows)
    .map((openTime) => rowAt(query, openTime, { asOf, unsettledMs: view.unsettledMs }));
}

function rowAt(
  { symbol, interval }: KlinesQuery,
  openTime: EpochMs,
  { asOf, unsettledMs }: { asOf: EpochMs; unsettledMs: number },
): Row {
  const close = nextOpenTime(openTime, interval);
  const age = asOf - close;
  if (age < 0 || age >= unsettledMs) return rowOf(symbol.kline(interval, openTime, asOf));
  // Not settled: the last second's trades come in one after another.
  const tail = Math.min(1000, close - openTime) * (1 - age / unsettledMs);
  return rowOf(symbol.kline(interval, openTime, close - Math.max(250, tail)));
}

interface Window extends KlinesQuery {
  readonly asOf: EpochMs;
}

function openTimes(world: World, { rules }: VenueState, window: Window): EpochMs[] {
  const { symbol, interval, startTime, endTime, limit, asOf } = window;
  // COIN-M: a start alone means the 200 days after it, and the newest rows of them.
  const end = endTime ?? (startTime === undefined ? asOf : startTime + rules.maxSpanMs);
  const last = symbol.openTimeAt(Math.min(end, asOf, lastMoment(symbol)), interval);
  const first = Math.max(startTime ?? 0, symbol.openTimeAt(symbol.listed, interval));
  const isThere = (openTime: EpochMs): boolean =>
    symbol.has(interval, openTime, asOf) &&
    !world.faults.market.isHole({ venue: rules.id, symbol: symbol.symbol, interval, openTime });
  const newest = rules.pagesFrom === 'newest' || startTime === undefined;
  return newest
    ? backwards(window, { first, last, isThere })
    : forwards(window, { first, last, isThere }).slice(0, limit);
}

interface Span {
  readonly first: EpochMs;
  readonly last: EpochMs;
  readonly isThere: (openTime: EpochMs) => boolean;
}

function forwards({ symbol, interval, limit }: Window, { first, last, isThere }: Span): EpochMs[] {
  const found: EpochMs[] = [];
  let openTime = symbol.openTimeAt(first, interval);
  if (openTime < first) openTime = nextOpenTime(openTime, interval);
  for (; openTime <= last && found.length < limit; openTime = nextOpenTime(openTime, interval)) {
    if (isThere(openTime)) found.push(openTime);
  }
  return found;
}

function backwards({ symbol, interval, limit }: Window, { first, last, isThere }: Span): EpochMs[] {
  const found: EpochMs[] = [];
  for (
    let openTime = last;
    openTime >= first && found.length < limit;
    openTime = symbol.openTimeAt(openTime - 1, interval)
  ) {
    if (isThere(openTime)) found.push(openTime);
  }
  return found.reverse();
}

function lastMoment(symbol: SymbolState): EpochMs {
  return symbol.flatAfterEnd ? Infinity : symbol.ended - 1;
}
