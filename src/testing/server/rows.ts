import type { EpochMs } from '../../core/candle.ts';
import { nextOpenTime } from '../../core/interval.ts';
import type { CandlesQuery, ToldRow } from '../dialects/dialect.ts';
import type { MarketPause } from '../faults/market-faults.ts';
import type { SymbolState } from '../market/symbols.ts';
import { isThere, klineAt, opensAt, type CandleName, type ExchangeState } from './exchange-state.ts';

/** The rows of an answer, in rising open time (docs/protocol.md, REST): the running candle last, unless the span leaves it out. */
export function rowsOf(exchange: ExchangeState, query: CandlesQuery): ToldRow[] {
  const { view } = exchange.faults.rest;
  if (view.emptyAnswers > 0 && exchange.random() < view.emptyAnswers) return [];
  const asOf = exchange.faults.rest.asOf(exchange.clock.now());
  return openTimes(exchange, { ...query, asOf })
    .filter(() => view.missingRows === 0 || exchange.random() >= view.missingRows)
    .map((openTime) => rowAt(exchange, { ...query, openTime }, asOf));
}

function rowAt(exchange: ExchangeState, candle: CandleName, asOf: EpochMs): ToldRow {
  const { interval, openTime } = candle;
  const { unsettledMs } = exchange.faults.rest.view;
  const close = nextOpenTime(openTime, interval);
  const age = asOf - close;
  if (age < 0 || age >= unsettledMs) return { kline: klineAt(exchange, candle, asOf), final: age >= 0 };
  // Not settled: the last second's trades come in one after another.
  const tail = Math.min(1000, close - openTime) * (1 - age / unsettledMs);
  return { kline: klineAt(exchange, candle, close - Math.max(250, tail)), final: false };
}

interface Window extends CandlesQuery {
  readonly asOf: EpochMs;
}

function openTimes(exchange: ExchangeState, window: Window): EpochMs[] {
  const { symbol, interval, from = 0, to = window.asOf, asOf } = window;
  const venue = symbol.rules.id;
  const span: Span = {
    first: Math.max(from, symbol.openTimeAt(symbol.listed, interval)),
    last: symbol.openTimeAt(Math.min(to, asOf, lastMoment(symbol)), interval),
    has: (openTime) => {
      const opens = opensAt(exchange, { symbol, interval, openTime });
      return opens >= from && opens <= Math.min(to, asOf) && isThere(exchange, { symbol, interval, openTime }, asOf);
    },
    pauseAt: (openTime) => exchange.faults.market.pauseAt({ venue, symbol: symbol.symbol, interval, openTime }),
  };
  return window.keeps === 'newest' ? backwards(window, span) : forwards(window, span);
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
