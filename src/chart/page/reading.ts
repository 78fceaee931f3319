import { isCandle, seriesOf, type Point, type SeriesKey } from '../wire.ts';
import { closeBefore, lastCandle, type Book } from './book.ts';
import { listedOf, type Model } from './model.ts';
import { changeText, priceDecimals, priceText, volumeText } from './number-text.ts';
import { clockText, countdownText, timeText } from './time-text.ts';
import { sourceText } from './words.ts';

/** What one candle says, as texts. */
export interface Reading {
  readonly values: readonly (readonly [name: string, text: string])[];
  readonly change: string;
  readonly direction: 'up' | 'down' | 'none';
  readonly source: string;
  readonly time: string;
}

export interface ReadingOptions {
  readonly decimals: number;
  readonly timeZone: string;
}

export function readingOf(
  point: Point | undefined,
  points: readonly Point[],
  { decimals, timeZone }: ReadingOptions,
): Reading | undefined {
  if (point === undefined) return undefined;
  const time = timeText(point.timestamp, timeZone);
  if (!isCandle(point)) return { values: [], change: '', direction: 'none', source: sourceText(point), time };
  const { open, high, low, close, volume } = point;
  const prices = { O: open, H: high, L: low, C: close };
  const before = closeBefore(points, point.timestamp);
  return {
    values: [
      ...Object.entries(prices).map(([name, price]) => [name, priceText(price, decimals)] as const),
      ['Vol', volumeText(volume)],
    ],
    change: changeText(close, before),
    direction: changeText(close, before).startsWith('−') ? 'down' : 'up',
    source: sourceText(point),
    time,
  };
}

export function decimalsFor(model: Model, key: SeriesKey): number {
  return priceDecimals(listedOf(model, key)?.priceStep, model.bookOf(key).points);
}

/** The price now, how it has changed since the last close, and when the candle closes. */
export interface Headline {
  readonly price: string;
  readonly change: string;
  readonly countdown: string;
}

export function headlineOf(book: Book, decimals: number, now: number): Headline {
  const last = lastCandle(book.points);
  if (last === undefined) return { price: '–', change: '', countdown: '' };
  const before = closeBefore(book.points, last.timestamp);
  const countdown = last.closed ? '' : countdownText(last.closeTime + 1 - now);
  return { price: priceText(last.close, decimals), change: changeText(last.close, before), countdown };
}

/** For the ear: one sentence about a candle. */
export function spoken(key: SeriesKey, reading: Reading): string {
  const { symbol, interval } = seriesOf(key);
  const values = reading.values.map(([name, text]) => `${SPOKEN[name] ?? name} ${text}`).join(', ');
  return [`${symbol} ${interval}, ${reading.time}`, values, reading.change, reading.source]
    .filter((part) => part !== '')
    .join('; ');
}

const SPOKEN: Readonly<Record<string, string>> = { O: 'open', H: 'high', L: 'low', C: 'close', Vol: 'volume' };

/** For the ear: what has just closed. */
export function spokenClose(key: SeriesKey, point: Point, options: ReadingOptions): string {
  if (!isCandle(point)) return '';
  const { symbol, interval } = seriesOf(key);
  const clock = clockText(point.timestamp, options.timeZone);
  const source = point.source === 'backfill' ? ', fetched' : '';
  return `${symbol} ${interval} of ${clock} closed at ${priceText(point.close, options.decimals)}${source}`;
}
