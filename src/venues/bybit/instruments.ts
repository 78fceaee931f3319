import type { Parsed, SymbolPage } from '../../ports/connector.ts';
import type { SymbolInfo, SymbolPhase } from '../../ports/symbol-info.ts';
import { bad, excerptOf, good, isText, isTime, isWireObject, numberOf, type WireObject } from '../values.ts';
import { resultOf } from './rows.ts';

/**
 * The phase of a series by the venue's status word. `PreLaunch` is a contract before its market opens, of which candles may
 * come already; words that nobody knew yet go on as well: stopping by mistake would lose candles.
 *
 * @see https://bybit-exchange.github.io/docs/v5/enum#status, read on 2026-07-24; `Settling` from its changelog
 */
const PHASES: Readonly<Record<string, SymbolPhase>> = {
  PreLaunch: 'paused',
  Trading: 'trading',
  Settling: 'ended',
  Delivering: 'ended',
  Closed: 'ended',
};

/** Statuses of futures that have a list of their own: without a status Bybit lists those that trade. */
const STATUSES = ['Closed', 'PreLaunch', 'Trading', 'Delivering'] as const;
type Status = (typeof STATUSES)[number];

/**
 * Which part of the symbol list to ask for: one status after the other, each in pages. What comes later replaces what came
 * before: a name that was closed and is listed again trades.
 */
export interface ListPart {
  readonly status: Status;
  /** `nextPageCursor` of the page before. */
  readonly page?: string;
}

/** @param cursor - `Closed`, or `Closed <cursor of a page>` */
export function partOf(cursor: string = STATUSES[0]): ListPart {
  const [name = '', page] = cursor.split(' ');
  const status = STATUSES.find((one) => one === name) ?? 'Trading';
  return page === undefined ? { status } : { status, page };
}

/**
 * Every line of an `instruments-info` answer that can be read.
 *
 * @param part - what was asked for; undefined for spot, whose list is one page of what trades
 */
export function symbolPageOf(body: unknown, part: ListPart | undefined): Parsed<SymbolPage> {
  const result = resultOf(body);
  const list = result?.['list'];
  if (!Array.isArray(list)) return bad(`instruments-info: no list in ${excerptOf(body)}`);
  const symbols = (list as readonly unknown[]).map(symbolOf).filter((line) => line !== undefined);
  if (symbols.length === 0 && list.length > 0) return bad('instruments-info: no line can be read');
  const next = part === undefined ? undefined : nextOf(part, result?.['nextPageCursor'], list.length > 0);
  return good({ symbols, ...(next !== undefined && { next }) });
}

/** A page cursor comes percent-encoded (`0%2C2`), and is encoded again when it is sent. */
function nextOf({ status, page }: ListPart, cursor: unknown, hasLines: boolean): string | undefined {
  const further = isText(cursor) && hasLines ? decoded(cursor) : undefined;
  if (further !== undefined && further !== page) return `${status} ${further}`;
  return STATUSES[STATUSES.indexOf(status) + 1];
}

function decoded(cursor: string): string {
  try {
    return decodeURIComponent(cursor);
  } catch {
    return cursor;
  }
}

function symbolOf(line: unknown): SymbolInfo | undefined {
  if (!isWireObject(line)) return undefined;
  const { symbol, status, priceFilter, lotSizeFilter } = line;
  if (!isText(symbol) || !isText(status)) return undefined;
  return {
    ...{ symbol, status, phase: phaseOf(status) },
    base: textOf(line, 'baseCoin'),
    quote: textOf(line, 'quoteCoin'),
    listingTime: timeOf(line, 'launchTime'),
    deliveryTime: timeOf(line, 'deliveryTime'),
    priceStep: stepOf(priceFilter, 'tickSize'),
    // Spot says it under another name.
    quantityStep: stepOf(lotSizeFilter, 'qtyStep') ?? stepOf(lotSizeFilter, 'basePrecision'),
  };
}

function phaseOf(status: string): SymbolPhase {
  return Object.hasOwn(PHASES, status) ? (PHASES[status] ?? 'paused') : 'paused';
}

function textOf(line: WireObject, key: string): string | null {
  const text = line[key];
  return isText(text) ? text : null;
}

/** Written as text; `0` stands for no time. */
function timeOf(line: WireObject, key: string): number | null {
  const time = numberOf(line[key]);
  return isTime(time) && time > 0 ? time : null;
}

function stepOf(filter: unknown, key: string): number | null {
  const step = isWireObject(filter) ? numberOf(filter[key]) : NaN;
  return step > 0 ? step : null;
}
