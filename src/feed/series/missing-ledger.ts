import type { EpochMs } from '../../core/candle.ts';
import { openTimeBefore } from '../../core/evidence.ts';
import { nextOpenTime, type Interval } from '../../core/interval.ts';

/** First and last open time, both inclusive. */
interface Range {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** What the exchange lacks, does not give or cannot have meant, by series, so that each is told once however many subscriptions come across it. */
export class MissingLedger {
  readonly #ranges = new Map<string, Range[]>();
  readonly #rejected = new Set<string>();

  /** Whether a row of which no candle can be made is news; it is not from then on. */
  reject(symbol: string, interval: Interval, timestamp: EpochMs): boolean {
    const row = `${symbol}@${interval}@${String(timestamp)}`;
    const isNews = !this.#rejected.has(row);
    this.#rejected.add(row);
    return isNews;
  }

  /** The parts of a range that are news; they are not from then on. */
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
