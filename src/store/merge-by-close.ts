import type { Candle, EpochMs } from '../core/candle.ts';
import type { CandleSeries, CandleStore } from '../ports/candle-store.ts';
import { keyOf } from '../venues/series-key.ts';
import type { OpenTimes } from './span.ts';

/** Candles held in memory: of all series together, and of one at least and at most. */
const HELD = 20_000;
const [LEAST, MOST] = [10, 2000];

/** Reads one series a page at a time. */
class Cursor {
  readonly key: string;
  readonly #store: CandleStore;
  readonly #series: CandleSeries;
  readonly #before: EpochMs;
  readonly #limit: number;
  #from: EpochMs;
  #page: readonly Candle[] = [];
  #at = 0;

  constructor(store: CandleStore, series: CandleSeries, { from, before, limit }: OpenTimes & { limit: number }) {
    this.key = keyOf(series);
    this.#store = store;
    this.#series = series;
    this.#from = from;
    this.#before = before;
    this.#limit = limit;
  }

  /** The next candle; undefined at the end of a page, and at the end. */
  head(): Candle | undefined {
    return this.#page[this.#at];
  }

  advance(): void {
    this.#at += 1;
  }

  /** Reads the next page. */
  async turn(): Promise<void> {
    const request = { from: this.#from, before: this.#before, limit: this.#limit };
    this.#page = await this.#store.page(this.#series, request);
    this.#at = 0;
    const last = this.#page.at(-1);
    if (last !== undefined) this.#from = last.timestamp + 1;
  }
}

/**
 * The candles of several series in the order of their close times, those of one moment in the order of their keys. Yields
 * runs that were read already, so that whoever takes them may let others have their turn between.
 */
export async function* mergeByClose(
  store: CandleStore,
  series: readonly CandleSeries[],
  span: OpenTimes,
): AsyncGenerator<readonly Candle[], void, undefined> {
  const limit = Math.min(MOST, Math.max(LEAST, Math.floor(HELD / Math.max(1, series.length))));
  const all = series.map((one) => new Cursor(store, one, { ...span, limit }));
  for (const cursor of all) await cursor.turn();
  const cursors = all.filter((cursor) => cursor.head() !== undefined).sort(inTurn);
  for (let [first] = cursors; first !== undefined; [first] = cursors) {
    if (first.head() === undefined) await first.turn();
    if (first.head() === undefined) cursors.shift();
    else {
      sink(cursors, first);
      yield runOf(cursors);
    }
  }
}

/** The candles that can be taken before a page ends. Cursors are sorted, and stay so but for one at the end of its page. */
function runOf(cursors: Cursor[]): readonly Candle[] {
  const run: Candle[] = [];
  for (let [first] = cursors; first !== undefined; [first] = cursors) {
    const candle = first.head();
    if (candle === undefined) break;
    run.push(candle);
    first.advance();
    if (first.head() !== undefined) sink(cursors, first);
  }
  return run;
}

/** Puts the first cursor, which has advanced, in its place. */
function sink(cursors: Cursor[], first: Cursor): void {
  let [low, high] = [1, cursors.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = cursors[middle];
    if (other !== undefined && inTurn(other, first) < 0) low = middle + 1;
    else high = middle;
  }
  cursors.copyWithin(0, 1, low);
  cursors[low - 1] = first;
}

function inTurn(a: Cursor, b: Cursor): number {
  const between = (a.head()?.closeTime ?? Infinity) - (b.head()?.closeTime ?? Infinity);
  return between || (a.key < b.key ? -1 : 1);
}
