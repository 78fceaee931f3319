import type { Candle, EpochMs, VenueId } from '../core/candle.ts';
import type { Interval } from '../core/interval.ts';
import { isCount, isText, isTime, isWireObject } from './binance-values.ts';
import type { SymbolInfo, SymbolPhase } from './venue.ts';

/** What a body says, or why it cannot be used. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

/** Whose rows these are; a row does not say. */
export interface Series {
  readonly venue: VenueId;
  readonly symbol: string;
  readonly interval: Interval;
}

/** Perpetual contracts carry the delivery date 4133404800000, 2100-12-25 (exchangeInfo of fapi, 2026-10). */
const NEVER = 4e12;
const DECIMAL = /^\d+(\.\d+)?([eE][-+]?\d+)?$/;
const COLUMNS = 12;

/**
 * The phase of a series by the venue's status word, by CONTRACT's table.
 * Ended: words that say trading is over. `PRE_…`, halts, and words nobody knew yet go on: the symbol may still close
 * candles, or come back, and stopping by mistake would lose them. `BREAK` is both a pause and what a delisted spot symbol
 * keeps for ever.
 *
 * @see https://dev.binance.vision/t/118: a pair that had been dead for years was still listed with `BREAK`
 * @see POLY-S and SPOT-CL in FACTS 4.4: `SETTLING` is a delisted perpetual, `DELIVERING` a dated contract past its date
 */
const PHASES: Readonly<Record<string, SymbolPhase>> = {
  TRADING: 'trading',
  BREAK: 'paused or ended',
  SETTLING: 'ended',
  SETTLED: 'ended',
  DELIVERING: 'ended',
  DELIVERED: 'ended',
  CLOSE: 'ended',
  CLOSED: 'ended',
  DELISTED: 'ended',
};

export function phaseOf(status: string): SymbolPhase {
  const word = status.toUpperCase();
  return Object.hasOwn(PHASES, word) ? (PHASES[word] ?? 'paused') : 'paused';
}

/**
 * Candles of a klines answer, all or none: one bad row spoils the answer, because a short answer would pass for a hole.
 * Columns: open time, open, high, low, close, volume, close time, quote volume, trades, taker buy volume,
 * taker buy quote volume, unused; times in ms, prices and volumes as decimal strings.
 *
 * @param body - the parsed body, of any kind
 * @see https://developers.binance.com/docs/binance-spot-api-docs/rest-api/market-data-endpoints, read on 2026-11-22
 */
export function candlesOf(body: unknown, series: Series): Parsed<readonly Candle[]> {
  if (!Array.isArray(body)) return bad(`klines: expected an array, got ${kindOf(body)}`);
  const candles: Candle[] = [];
  for (const row of body as readonly unknown[]) {
    const candle = candleOf(row, series);
    if (candle === undefined) return bad(`klines: row ${String(candles.length)} cannot be read: ${excerptOf(row)}`);
    const last = candles.at(-1);
    if (last !== undefined && candle.timestamp <= last.timestamp) return bad('klines: open times do not rise');
    candles.push(candle);
  }
  return good(candles);
}

/** The exchange's time of a `/time` answer, ms UTC. */
export function serverTimeOf(body: unknown): Parsed<EpochMs> {
  const time = isWireObject(body) ? body['serverTime'] : undefined;
  return isSet(time) ? good(time) : bad(`time: no usable serverTime in ${excerptOf(body)}`);
}

/** Every line of an `/exchangeInfo` answer that can be read; none at all spoils the answer. */
export function symbolsOf(body: unknown): Parsed<readonly SymbolInfo[]> {
  const lines = isWireObject(body) ? body['symbols'] : undefined;
  if (!Array.isArray(lines)) return bad(`exchangeInfo: no symbols in ${excerptOf(body)}`);
  const symbols = (lines as readonly unknown[]).map(symbolOf).filter((line) => line !== undefined);
  return symbols.length > 0 ? good(symbols) : bad('exchangeInfo: no line of symbols can be read');
}

function candleOf(row: unknown, series: Series): Candle | undefined {
  if (!Array.isArray(row) || row.length < COLUMNS) return undefined;
  const columns = row as readonly unknown[];
  const times = timesOf(columns);
  const [open, high, low, close, volume] = columns.slice(1, 6).map(decimalOf);
  const [quoteVolume, takerBuyVolume, takerBuyQuoteVolume] = [columns[7], columns[9], columns[10]].map(decimalOf);
  const values = { open, high, low, close, volume, quoteVolume, takerBuyVolume, takerBuyQuoteVolume };
  if (times === undefined || !areNumbers(values) || values.high < values.low) return undefined;
  return { ...series, ...times, ...values, source: 'backfill' };
}

/** The close time is the exchange's own: rows of old outages are off the grid. */
function timesOf(columns: readonly unknown[]): Pick<Candle, 'timestamp' | 'closeTime' | 'trades'> | undefined {
  const [timestamp, closeTime, trades] = [columns[0], columns[6], columns[8]];
  const usable = isSet(timestamp) && isSet(closeTime) && closeTime > timestamp && isCount(trades);
  return usable ? { timestamp, closeTime, trades } : undefined;
}

function symbolOf(line: unknown): SymbolInfo | undefined {
  if (!isWireObject(line)) return undefined;
  // COIN-M alone says contractStatus.
  const [symbol, status, delivery] = [line['symbol'], line['status'] ?? line['contractStatus'], line['deliveryDate']];
  if (!isText(symbol) || !isText(status)) return undefined;
  const deliveryTime = isSet(delivery) && delivery < NEVER ? delivery : null;
  return { symbol, status, phase: phaseOf(status), deliveryTime };
}

/** The exchange sends strings; anything else in their place is not its answer. */
function decimalOf(value: unknown): number | undefined {
  if (typeof value !== 'string' || !DECIMAL.test(value)) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

function areNumbers<K extends string>(values: Record<K, number | undefined>): values is Record<K, number> {
  return Object.values(values).every((value) => value !== undefined);
}

/** In answers over REST 0 stands for no time. */
function isSet(value: unknown): value is EpochMs {
  return isTime(value) && value > 0;
}

function kindOf(value: unknown): string {
  return isWireObject(value) ? 'an object' : typeof value;
}

function excerptOf(value: unknown): string {
  return JSON.stringify(value ?? null).slice(0, 120);
}

function good<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

function bad(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}
