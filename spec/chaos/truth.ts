import { nextOpenTime, openTimeAt, type Candle } from '../../src/index.ts';
import type { FakeExchange } from '../../src/testing/index.ts';
import type { SeriesKey } from './visits.ts';

/** What was done to the market beside holes: rows spoiled, and pauses. */
export interface Odds {
  /** Slots whose row can be no candle. */
  readonly spoiled: readonly (SeriesKey & { readonly openTime: number })[];
  readonly pauses: readonly (Pick<SeriesKey, 'venue' | 'symbol'> & {
    readonly from: number;
    readonly before: number;
  })[];
}

/** What the exchange has. Candles of the fake exchange are worked out anew each time; many subscriptions ask for the same. */
export class Truth {
  /** Exchange time at which the run was over. */
  readonly now: number;
  readonly #exchange: FakeExchange;
  readonly #odds: Odds;
  readonly #known = new Map<string, Map<number, Candle | undefined>>();

  constructor(exchange: FakeExchange, odds: Odds = { spoiled: [], pauses: [] }) {
    this.#exchange = exchange;
    this.#odds = odds;
    this.now = exchange.now();
  }

  /** The candle with this open time, on the grid or off it. */
  candleAt(series: SeriesKey, openTime: number): Candle | undefined {
    const candle = this.#inSlot(series, openTimeAt(openTime, series.interval));
    return candle?.timestamp === openTime ? candle : undefined;
  }

  /** Why no candle opens in a slot of the grid; undefined where one does. */
  lacks(series: SeriesKey, slot: number): 'absent' | 'rejected' | undefined {
    if (this.#inSlot(series, slot) !== undefined) return undefined;
    const isSpoiled = this.#odds.spoiled.some(
      (row) => row.openTime === slot && row.interval === series.interval && isOf(row, series),
    );
    return isSpoiled && this.#pauseAt(series, slot) === undefined ? 'rejected' : 'absent';
  }

  /** Candles with open times in [from, before), holes left out. */
  candles(series: SeriesKey, from: number, before: number): readonly Candle[] {
    const found = this.slots(series, { from, before }).map((slot) => this.#inSlot(series, slot));
    return found.filter(
      (candle) => candle !== undefined && candle.timestamp >= from && candle.timestamp < before,
    ) as Candle[];
  }

  /** The slots of a span; of a pause the first and the last alone. */
  slots(series: SeriesKey, { from, before }: { readonly from: number; readonly before: number }): readonly number[] {
    const { interval } = series;
    const slots: number[] = [];
    for (let slot = openTimeAt(from, interval); slot < before; slot = nextOpenTime(slot, interval)) {
      slots.push(slot);
      const pauseEnd = Math.min(this.#pauseAt(series, slot)?.before ?? 0, before);
      const last = openTimeAt(pauseEnd - 1, interval);
      if (slot < last) slot = openTimeAt(last - 1, interval);
    }
    return slots;
  }

  /** How long a series paused in all, ms. */
  pausedMs(series: SeriesKey): number {
    return this.#odds.pauses
      .filter((pause) => isOf(pause, series))
      .reduce((sum, { from, before }) => sum + before - from, 0);
  }

  #pauseAt(series: SeriesKey, slot: number): Odds['pauses'][number] | undefined {
    return this.#odds.pauses.find((pause) => isOf(pause, series) && pause.from <= slot && slot < pause.before);
  }

  #inSlot(series: SeriesKey, slot: number): Candle | undefined {
    const known = this.#of(series);
    if (!known.has(slot)) known.set(slot, this.#exchange.candleAt(series, slot));
    return known.get(slot);
  }

  #of({ symbol, interval }: SeriesKey): Map<number, Candle | undefined> {
    const key = `${symbol} ${interval}`;
    const known = this.#known.get(key) ?? new Map<number, Candle | undefined>();
    this.#known.set(key, known);
    return known;
  }
}

function isOf(one: Pick<SeriesKey, 'venue' | 'symbol'>, other: Pick<SeriesKey, 'venue' | 'symbol'>): boolean {
  return one.symbol === other.symbol && one.venue === other.venue;
}
