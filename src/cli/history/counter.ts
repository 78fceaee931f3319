import { closeTimeOf, type Candle, type EpochMs } from '../../index.ts';
import type { HeldSeries } from './candle-file.ts';
import type { Written } from './download.ts';
import type { Hole } from './holes.ts';
import type { Part } from './parts.ts';
import type { Progress } from './progress.ts';

/** Counts what comes into the file, and collects what the exchange lacks. */
export class Counter {
  readonly #startedAt = Date.now();
  readonly #holes = new Map<string, Hole>();
  #rows: number;
  #added = 0;
  #expected: number | undefined;
  #series = 0;
  #current: Candle | undefined;

  constructor(held: readonly HeldSeries[]) {
    this.#rows = held.reduce((sum, { candles }) => sum + candles, 0);
    held.flatMap(({ holes }) => holes).forEach((hole) => this.addHole(hole));
  }

  addHole({ symbol, interval, from, to }: Hole): void {
    this.#holes.set(`${symbol} ${interval} ${from}`, { symbol, interval, from, to });
  }

  expect(parts: readonly Part[], to: EpochMs): void {
    this.#series = parts.length;
    this.#expected = parts.reduce((sum, { first }) => sum + slotsFrom(first, Math.min(to, Date.now())), 0);
  }

  add({ candles }: Written): void {
    this.#rows += candles.length;
    this.#added += candles.length;
    this.#current = candles.at(-1);
  }

  get progress(): Progress {
    const elapsedMs = Date.now() - this.#startedAt;
    return { rows: this.#rows, added: this.#added, expected: this.#expected, elapsedMs, current: this.#current };
  }

  get sums(): {
    readonly rows: number;
    readonly added: number;
    readonly series: number;
    readonly holes: readonly Hole[];
  } {
    const holes = [...this.#holes.values()];
    return { rows: this.#rows, added: this.#added, series: this.#series, holes };
  }
}

/** How many candles there are from one on up to a time, if none is missing. */
function slotsFrom({ timestamp, interval }: Candle, end: EpochMs): number {
  return Math.max(1, Math.ceil((end - timestamp) / (closeTimeOf(timestamp, interval) + 1 - timestamp)));
}
