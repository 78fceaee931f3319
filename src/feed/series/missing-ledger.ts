import type { EpochMs } from '../../core/candle.ts';
import { openTimeBefore } from '../../core/grid.ts';
import { nextOpenTime, type Interval } from '../../core/interval.ts';

/** First and last open time, both inclusive. */
interface Range {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** Candles that are missing or no longer given, and rejected rows, of each series, so that each is published once for all subscriptions. */
export class MissingLedger {
  readonly #ranges = new Map<string, Range[]>();
  readonly #rejected = new Set<string>();

  /** Records a rejected row. Returns whether it is new. */
  reject(symbol: string, interval: Interval, timestamp: EpochMs): boolean {
    const row = `${symbol}@${interval}@${String(timestamp)}`;
    const isNews = !this.#rejected.has(row);
    this.#rejected.add(row);
    return isNews;
  }

  /** Records a missing range. Returns the parts that are new. */
  add(symbol: string, interval: Interval, range: Range): readonly Range[] {
    const series = `${symbol}@${interval}`;
    const told = this.#ranges.get(series) ?? [];
    const news = told.reduce<readonly Range[]>(
      (parts, known) => parts.flatMap((part) => without(part, known, interval)),
      [range],
    );
    this.#ranges.set(series, [...told, ...news]);
    return news;
  }
}

function without(range: Range, known: Range, interval: Interval): readonly Range[] {
  if (known.to < range.from || range.to < known.from) return [range];
  return [
    ...(range.from < known.from ? [{ from: range.from, to: openTimeBefore(known.from, interval, range.from) }] : []),
    ...(known.to < range.to ? [{ from: nextOpenTime(known.to, interval), to: range.to }] : []),
  ];
}
