import { closeTimeOf, type Candle, type EpochMs } from '../../index.ts';
import type { HeldSeries } from './candle-file.ts';
import { seriesOf, type Hole } from './holes.ts';
import type { Part } from './parts.ts';
import type { Progress } from './progress.ts';
import type { Report } from './report.ts';

export type Sums = Pick<Report, 'rows' | 'added' | 'series' | 'holes'>;

/** Counts what comes into the file, and collects what the exchange lacks. */
export class Counter {
  readonly #startedAt = Date.now();
  readonly #holes = new Map<string, Hole>();
  /** The last candle in the file of each series. */
  readonly #last = new Map<string, Candle>();
  readonly #held: number;
  #read = 0;
  #added = 0;
  #expected: number | undefined;
  #series: readonly string[] = [];
  #current: Candle | undefined;

  constructor(held: readonly HeldSeries[]) {
    this.#held = held.reduce((sum, { candles }) => sum + candles, 0);
    held.forEach(({ last }) => this.#last.set(seriesOf(last), last));
    held.flatMap(({ holes }) => holes).forEach((hole) => this.addHole(hole));
  }

  addHole({ symbol, interval, from, to }: Hole): void {
    this.#holes.set(`${seriesOf({ symbol, interval })} ${from}`, { symbol, interval, from, to });
  }

  expect(parts: readonly Part[], to: EpochMs): void {
    this.#series = parts.map(({ first }) => seriesOf(first));
    this.#expected = parts.reduce((sum, { first }) => sum + slotsFrom(first, Math.min(to, Date.now())), 0);
  }

  read(): void {
    this.#read += 1;
  }

  write(candles: readonly Candle[]): void {
    this.#added += candles.length;
    this.#current = candles.at(-1);
    if (this.#current !== undefined) this.#last.set(seriesOf(this.#current), this.#current);
  }

  /** How far it is: series whose turn to be written has not come yet are read meanwhile, and count. */
  get progress(): Progress {
    const elapsedMs = Date.now() - this.#startedAt;
    const [rows, added] = [this.#held + this.#read, this.#read];
    return { rows, added, expected: this.#expected, elapsedMs, current: this.#current };
  }

  /** What is in the file, and what is missing in it, series by series. */
  sums(isStopped: boolean): Sums {
    const holes = [...this.#holes.values()].filter((hole) => !isStopped || this.#isPassed(hole));
    const place = (hole: Hole): number => this.#series.indexOf(seriesOf(hole));
    return {
      rows: this.#held + this.#added,
      added: this.#added,
      series: this.#series.length,
      holes: holes.sort((one, other) => place(one) - place(other) || one.from - other.from),
    };
  }

  #isPassed(hole: Hole): boolean {
    return (this.#last.get(seriesOf(hole))?.timestamp ?? -Infinity) > hole.from;
  }
}

/** How many candles there are from one on up to a time, if none is missing. */
function slotsFrom({ timestamp, interval }: Candle, end: EpochMs): number {
  return Math.max(1, Math.ceil((end - timestamp) / (closeTimeOf(timestamp, interval) + 1 - timestamp)));
}
