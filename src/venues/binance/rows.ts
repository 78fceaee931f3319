import { makeCandle, unusableBecause, type EpochMs, type VenueId } from '../../core/candle.ts';
import type { Interval } from '../../core/interval.ts';
import type { Parsed } from '../../ports/connector.ts';
import type { SymbolInfo, SymbolPhase } from '../../ports/symbol-info.ts';
import { inOrder, withoutRepeats, type KlineRows, type ReadRow } from '../kline-rows.ts';
import { bad, excerptOf, good, countOf, isText, isWireObject, numberOf, timeOf } from '../values.ts';

export type { Parsed };

/** Whose rows these are; a row does not say. */
export interface Series {
  readonly venue: VenueId;
  readonly symbol: string;
  readonly interval: Interval;
}

/** Perpetual contracts carry the delivery date 4133404800000, 2100-12-25 (exchangeInfo of fapi, 2026-10). */
const NEVER = 4e12;

/**
 * The phase of a series by the venue's status word, by CONTRACT's table.
 * Ended: words that say trading is over. `PRE_…`, halts, and words nobody knew yet go on: the symbol may still close
 * candles, or come back, and stopping by mistake would lose them. `BREAK` is both a pause and what a delisted spot symbol
 * keeps for ever.
 *
 * @see https://dev.binance.vision/t/118: a pair that had been dead for years was still listed with `BREAK`
 * @see docs/protocol.md, Sources, POLY: `SETTLING` is a delisted perpetual, `DELIVERING` a dated contract past its date
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
 * Rows of a klines answer: candles, and rows of which none can be made; whether that is so the stream decides alike. An answer
 * that is no list of rows, or out of order, is refused as a whole, because what it leaves out would pass for a hole.
 * Columns: open time, open, high, low, close, volume, close time, quote volume, trades, taker buy volume,
 * taker buy quote volume, unused; times in ms, prices and volumes as decimal strings.
 *
 * @param body - the parsed body, of any kind
 * @see https://developers.binance.com/docs/binance-spot-api-docs/rest-api/market-data-endpoints, read on 2026-11-22
 */
export function rowsOf(body: unknown, series: Series): Parsed<KlineRows> {
  if (!Array.isArray(body)) return bad(`klines: expected an array, got ${kindOf(body)}`);
  const placed = withoutRepeats((body as readonly unknown[]).flatMap(placedRow));
  if (placed.length === 0 && body.length > 0) return bad(`klines: no row can be read: ${excerptOf(body[0])}`);
  return inOrder(placed.map((row) => readRow(row, series)));
}

/** A row that says when it opens. */
interface PlacedRow {
  readonly timestamp: EpochMs;
  readonly row: readonly unknown[];
}

function placedRow(row: unknown): PlacedRow | [] {
  if (!Array.isArray(row)) return [];
  const timestamp = setTimeOf((row as readonly unknown[])[0]);
  return timestamp === undefined ? [] : { timestamp, row: row as readonly unknown[] };
}

/** The exchange's time of a `/time` answer, ms UTC. */
export function serverTimeOf(body: unknown): Parsed<EpochMs> {
  const time = isWireObject(body) ? setTimeOf(body['serverTime']) : undefined;
  return time !== undefined ? good(time) : bad(`time: no usable serverTime in ${excerptOf(body)}`);
}

/**
 * Every line of an `/exchangeInfo` answer that can be read; none at all spoils the answer. Of a line `symbol` and `status`
 * (COIN-M: `contractStatus`) are needed; `baseAsset`, `quoteAsset`, `onboardDate`, `deliveryDate` (contracts alone have
 * these two), `tickSize` of the filter `PRICE_FILTER` and `stepSize` of `LOT_SIZE` are taken where they can be read.
 *
 * @see https://developers.binance.com/legacy-docs/binance-spot-api-docs/filters, read on 2026-11-25, for the steps
 */
export function symbolsOf(body: unknown): Parsed<readonly SymbolInfo[]> {
  const lines = isWireObject(body) ? body['symbols'] : undefined;
  if (!Array.isArray(lines)) return bad(`exchangeInfo: no symbols in ${excerptOf(body)}`);
  const symbols = (lines as readonly unknown[]).map(symbolOf).filter((line) => line !== undefined);
  return symbols.length > 0 ? good(symbols) : bad('exchangeInfo: no line of symbols can be read');
}

/** The close time is the exchange's own: rows of old outages are off the grid. */
function readRow({ timestamp, row }: PlacedRow, series: Series): ReadRow {
  const [, open, high, low, close, volume, closeTime, quoteVolume, trades, takerBuyVolume, takerBuyQuoteVolume] = row;
  const candle = makeCandle({
    venue: series.venue,
    symbol: series.symbol,
    interval: series.interval,
    timestamp,
    closeTime: setTimeOf(closeTime) ?? NaN,
    open: numberOf(open),
    high: numberOf(high),
    low: numberOf(low),
    close: numberOf(close),
    volume: numberOf(volume),
    quoteVolume: numberOf(quoteVolume),
    trades: countOf(trades),
    takerBuyVolume: numberOf(takerBuyVolume),
    takerBuyQuoteVolume: numberOf(takerBuyQuoteVolume),
    source: 'backfill',
  });
  const reason = unusableBecause(candle);
  return reason === undefined ? { timestamp, candle } : { timestamp, rejected: { timestamp, row, reason } };
}

function symbolOf(line: unknown): SymbolInfo | undefined {
  if (!isWireObject(line)) return undefined;
  // COIN-M alone says contractStatus.
  const { symbol, baseAsset, quoteAsset } = line;
  const delivery = setTimeOf(line['deliveryDate']) ?? NEVER;
  const status = line['status'] ?? line['contractStatus'];
  if (!isText(symbol) || !isText(status)) return undefined;
  return {
    symbol,
    status,
    phase: phaseOf(status),
    base: textOf(baseAsset),
    quote: textOf(quoteAsset),
    listingTime: setTimeOf(line['onboardDate']) ?? null,
    deliveryTime: delivery < NEVER ? delivery : null,
    priceStep: stepOf(line['filters'], 'PRICE_FILTER', 'tickSize'),
    quantityStep: stepOf(line['filters'], 'LOT_SIZE', 'stepSize'),
  };
}

function textOf(value: unknown): string | null {
  return isText(value) ? value : null;
}

/** A step of 0 stands for no such rule. */
function stepOf(filters: unknown, filterType: string, key: string): number | null {
  if (!Array.isArray(filters)) return null;
  const filter = (filters as readonly unknown[]).find((one) => isWireObject(one) && one['filterType'] === filterType);
  const step = isWireObject(filter) ? numberOf(filter[key]) : NaN;
  return step > 0 ? step : null;
}

/** In answers over REST 0 stands for no time. */
function setTimeOf(value: unknown): EpochMs | undefined {
  const time = timeOf(value);
  return time === 0 ? undefined : time;
}

function kindOf(value: unknown): string {
  return isWireObject(value) ? 'an object' : typeof value;
}
