import type { EpochMs } from '../../core/candle.ts';
import { isInterval, nextOpenTime, type Interval } from '../../core/interval.ts';
import type { MarketPause } from '../faults/market-faults.ts';
import type { SymbolState } from '../market/symbols.ts';
import { rowOf, type Row } from '../dialects/binance/wire.ts';
import type { VenueRules } from '../dialects/binance/venue-rules.ts';
import { isThere, klineAt, opensAt, type CandleName, type VenueState, type ExchangeState } from './exchange-state.ts';

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

/** Rows of an answer to a request without `limit` (FACTS 4.1). */
const DEFAULT_ROWS = 500;

const refusal = (code: number, msg: string): Refusal => ({ status: 400, code, msg });

/** Reads the query as the exchange does, with its own complaints (FACTS 4.3). */
export function readQuery({ rules, symbols }: VenueState, query: ReadonlyMap<string, string>): KlinesQuery | Refusal {
  const [name, interval] = [query.get('symbol'), query.get('interval')];
  if (name === undefined || interval === undefined)
    return refusal(-1102, 'A mandatory parameter was not sent, was empty/null, or malformed.');
  const symbol = symbols.get(name.replace(/[a-z]+/g, (letters) => letters.toUpperCase()));
  if (symbol === undefined) return refusal(-1121, 'Invalid symbol.');
  if (!isInterval(interval) || !rules.intervals.includes(interval)) return refusal(-1120, 'Invalid interval.');
  const range = rangeOf(query);
  const complaint = complaintAbout(range, rules);
  return complaint ?? { symbol, interval, ...range };
}

type QueryRange = Pick<KlinesQuery, 'startTime' | 'endTime' | 'limit'>;

function rangeOf(query: ReadonlyMap<string, string>): QueryRange {
  const [startTime, endTime] = [query.get('startTime'), query.get('endTime')].map(wholeNumber);
  return { startTime, endTime, limit: wholeNumber(query.get('limit')) ?? DEFAULT_ROWS };
}

function complaintAbout(
  { startTime = 0, endTime = startTime, limit }: QueryRange,
  rules: VenueRules,
): Refusal | undefined {
  if ([startTime, endTime, limit].includes(NaN)) {
    return refusal(-1100, "Illegal characters found in a parameter; legal range is '^[0-9]{1,20}$'.");
  }
  if (limit < 1 || limit > rules.maxRows) return refusal(-1130, "Data sent for parameter 'limit' is not valid.");
  if (endTime - startTime <= rules.maxSpanMs) return undefined;
  return refusal(-1130, "Data sent for parameter 'startTime' is not valid: the range is longer than 200 days.");
}

function wholeNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return /^\d{1,20}$/.test(text) ? Number(text) : NaN;
}

/** The rows of an answer, in rising open time (FACTS 4.1): the running candle last, unless `endTime` leaves it out. */
export function rowsOf(exchange: ExchangeState, state: VenueState, query: KlinesQuery): Row[] {
  const { view } = exchange.faults.rest;
  if (view.emptyAnswers > 0 && exchange.random() < view.emptyAnswers) return [];
  const asOf = exchange.faults.rest.asOf(exchange.clock.now());
  return openTimes(exchange, state, { ...query, asOf })
    .filter(() => view.missingRows === 0 || exchange.random() >= view.missingRows)
    .map((openTime) => rowAt(exchange, { ...query, openTime }, asOf));
}

function rowAt(exchange: ExchangeState, candle: CandleName, asOf: EpochMs): Row {
  const { interval, openTime } = candle;
  const { unsettledMs } = exchange.faults.rest.view;
  const close = nextOpenTime(openTime, interval);
  const age = asOf - close;
  if (age < 0 || age >= unsettledMs) return rowOf(klineAt(exchange, candle, asOf));
  // Not settled: the last second's trades come in one after another.
  const tail = Math.min(1000, close - openTime) * (1 - age / unsettledMs);
  return rowOf(klineAt(exchange, candle, close - Math.max(250, tail)));
}

interface Window extends KlinesQuery {
  readonly asOf: EpochMs;
}

function openTimes(exchange: ExchangeState, { rules }: VenueState, window: Window): EpochMs[] {
  const { symbol, interval, startTime, endTime, asOf } = window;
  // COIN-M: a start alone means the 200 days after it, and the newest rows of them.
  const end = endTime ?? (startTime === undefined ? asOf : startTime + rules.maxSpanMs);
  const span: Span = {
    first: Math.max(startTime ?? 0, symbol.openTimeAt(symbol.listed, interval)),
    last: symbol.openTimeAt(Math.min(end, asOf, lastMoment(symbol)), interval),
    has: (openTime) => {
      const opens = opensAt(exchange, { symbol, interval, openTime });
      if (opens < (startTime ?? 0) || opens > Math.min(end, asOf)) return false;
      return isThere(exchange, { symbol, interval, openTime }, asOf);
    },
    pauseAt: (openTime) =>
      exchange.faults.market.pauseAt({ venue: rules.id, symbol: symbol.symbol, interval, openTime }),
  };
  return rules.pagesFrom === 'newest' || startTime === undefined ? backwards(window, span) : forwards(window, span);
}

interface Span {
  readonly first: EpochMs;
  readonly last: EpochMs;
  readonly has: (openTime: EpochMs) => boolean;
  /** The pause that an open time lies within: months of seconds need not be looked at one by one. */
  readonly pauseAt: (openTime: EpochMs) => MarketPause | undefined;
}

function forwards({ symbol, interval, limit }: Window, { first, last, has, pauseAt }: Span): EpochMs[] {
  const found: EpochMs[] = [];
  if (first > last) return found;
  // One that opens late within its length is within the span though its place on the grid is not.
  for (
    let openTime = symbol.openTimeAt(first, interval);
    openTime <= last && found.length < limit;
    openTime = nextOpenTime(openTime, interval)
  ) {
    openTime = Math.max(openTime, symbol.openTimeAt(pauseAt(openTime)?.before ?? openTime, interval));
    if (openTime <= last && has(openTime)) found.push(openTime);
  }
  return found;
}

function backwards({ symbol, interval, limit }: Window, { first, last, has, pauseAt }: Span): EpochMs[] {
  const found: EpochMs[] = [];
  const bottom = symbol.openTimeAt(first, interval);
  for (
    let openTime = last;
    openTime >= bottom && found.length < limit;
    openTime = symbol.openTimeAt(openTime - 1, interval)
  ) {
    openTime = Math.min(openTime, symbol.openTimeAt((pauseAt(openTime)?.from ?? openTime + 1) - 1, interval));
    if (openTime >= bottom && has(openTime)) found.push(openTime);
  }
  return found.reverse();
}

function lastMoment(symbol: SymbolState): EpochMs {
  return symbol.flatAfterEnd ? Infinity : symbol.ended - 1;
}
