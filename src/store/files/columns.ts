import type { Candle, EpochMs, VenueId } from '../../core/candle.ts';
import { closeTimeOf, isInterval, type Interval } from '../../core/interval.ts';
import { isTimeWithin } from '../../core/time-bounds.ts';
import type { CandleSeries } from '../../ports/candle-store.ts';

/** The columns of a file: for each field of a candle its place; undefined for one that the file does not have. */
export type Columns = Readonly<Partial<Record<Field, number>>>;
type Field = Exclude<keyof Candle, 'source'>;

/** Names by which files call the fields, without capitals, spaces and underscores. Ours, pandas', Binance's, ccxt's. */
const NAMES: Readonly<Record<Field, readonly string[]>> = {
  venue: ['venue', 'exchange'],
  symbol: ['symbol'],
  interval: ['interval', 'timeframe'],
  timestamp: ['timestamp', 'opentime', 'date', 'datetime', 'time', ''],
  closeTime: ['closetime'],
  open: ['open'],
  high: ['high'],
  low: ['low'],
  close: ['close'],
  volume: ['volume'],
  quoteVolume: ['quotevolume', 'quoteassetvolume'],
  trades: ['trades', 'count', 'numberoftrades'],
  takerBuyVolume: ['takerbuyvolume', 'takerbuybasevolume', 'takerbuybaseassetvolume'],
  takerBuyQuoteVolume: ['takerbuyquotevolume', 'takerbuyquoteassetvolume'],
};

/** Binance's archive, which has no header on spot (https://github.com/binance/binance-public-data, "Klines"). */
export const BINANCE: Columns = {
  timestamp: 0, open: 1, high: 2, low: 3, close: 4, volume: 5, closeTime: 6, quoteVolume: 7, trades: 8,
  takerBuyVolume: 9, takerBuyQuoteVolume: 10,
}; // prettier-ignore
const BINANCE_COLUMNS = 12;
const NEEDED: readonly Field[] = ['timestamp', 'open', 'high', 'low', 'close', 'volume'];

/** The columns that a first line names; undefined where it is a line of numbers. */
export function columnsOf(
  line: readonly string[],
): { readonly columns: Columns; readonly isHeader: boolean } | undefined {
  const named = Object.entries(NAMES).flatMap(([field, names]) => {
    const places = names.map((name) => line.findIndex((word) => word.toLowerCase().replaceAll(/[\s_]/g, '') === name));
    const place = places.find((index) => index >= 0);
    return place === undefined ? [] : [[field, place] as const];
  });
  const columns: Columns = Object.fromEntries(named);
  if (NEEDED.every((field) => columns[field] !== undefined)) return { columns, isHeader: true };
  const isArchive =
    line.length === BINANCE_COLUMNS && line.every((word) => word !== '' && Number.isFinite(Number(word)));
  return isArchive ? { columns: BINANCE, isHeader: false } : undefined;
}

/** The candle of a line; what is no number becomes NaN, which no store takes. */
export function candleOf(line: readonly string[], columns: Columns, given: Partial<CandleSeries>): Candle {
  const text = (field: Field): string => {
    const place = columns[field];
    return (place === undefined ? undefined : line[place]) ?? '';
  };
  const number = (field: Field): number => numberOf(text(field));
  const told = (field: Field): number | null => (text(field) === '' ? null : number(field));
  const interval = (given.interval ?? text('interval')) as Interval;
  const timestamp = timeOf(text('timestamp'));
  return {
    venue: given.venue ?? (text('venue') as VenueId),
    symbol: given.symbol ?? text('symbol'),
    interval,
    timestamp,
    closeTime: text('closeTime') === '' ? endOf(timestamp, interval) : timeOf(text('closeTime')),
    open: number('open'),
    high: number('high'),
    low: number('low'),
    close: number('close'),
    volume: number('volume'),
    quoteVolume: told('quoteVolume'),
    trades: told('trades'),
    takerBuyVolume: told('takerBuyVolume'),
    takerBuyQuoteVolume: told('takerBuyQuoteVolume'),
    source: 'history',
  };
}

/** By the names of Binance's archives: `BTCUSDT-1m-2026-01.zip`. */
export function seriesInName(name: string): Partial<CandleSeries> {
  const [, symbol, interval] = /^(\S+?)-(\d+[a-zA-Z]+)-\d{4}-\d\d(?:-\d\d)?\.\w+$/.exec(name) ?? [];
  // A month is `1mo` in the names of files, which on some systems do not tell 1m and 1M apart.
  const length = interval === '1mo' ? '1M' : interval;
  return symbol !== undefined && isInterval(length) ? { symbol, interval: length } : {};
}

function endOf(timestamp: EpochMs, interval: Interval): EpochMs {
  return isInterval(interval) && isTimeWithin(timestamp) ? closeTimeOf(timestamp, interval) : NaN;
}

/** Number('') would be 0. */
function numberOf(text: string): number {
  return text.trim() === '' ? NaN : Number(text);
}

/** Ms of a time in s, ms, µs or ns since the epoch, or of a date; without an offset in UTC. */
export function timeOf(text: string): EpochMs {
  const number = numberOf(text);
  if (Number.isNaN(number)) return dateOf(text.trim());
  const perMs = [1, 1000, 0.001, 1e6].find((factor) => isTimeWithin(Math.floor(number / factor)));
  return perMs === undefined ? NaN : Math.floor(number / perMs);
}

function dateOf(text: string): EpochMs {
  const iso = text.replace(' ', 'T');
  const hasZone = /(Z|[+-]\d\d:?\d\d)$/i.test(iso) || !iso.includes('T');
  return Date.parse(hasZone ? iso : `${iso}Z`);
}
