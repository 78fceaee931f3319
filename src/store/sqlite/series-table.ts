import type { CandleSeries } from '../../ports/candle-store.ts';
import { firstRow, type Database, type SqlRow, type Statement } from './engine.ts';

/** The table `series`: a short key for each, looked up once. */
export class SeriesTable {
  readonly #ids = new Map<string, number>();
  readonly #select: Statement;
  readonly #insert: Statement;
  readonly #all: Statement;

  constructor(database: Database) {
    this.#select = database.prepare('SELECT id FROM series WHERE venue = ? AND symbol = ? AND interval = ?');
    this.#insert = database.prepare(
      'INSERT INTO series (venue, symbol, interval) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    );
    this.#all = database.prepare('SELECT * FROM series ORDER BY venue, symbol');
  }

  /** Undefined for one of which nothing is stored. */
  find(series: CandleSeries): number | undefined {
    const { venue, symbol, interval } = series;
    const name = JSON.stringify([venue, symbol, interval]);
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    const id = firstRow(this.#select, venue, symbol, interval)?.['id'];
    if (typeof id !== 'number') return undefined;
    this.#ids.set(name, id);
    return id;
  }

  add(series: CandleSeries): number {
    const known = this.find(series);
    if (known !== undefined) return known;
    this.#insert.run(series.venue, series.symbol, series.interval);
    const added = this.find(series);
    if (added === undefined) throw new Error(`the series ${series.symbol} ${series.interval} could not be added`);
    return added;
  }

  all(): readonly (CandleSeries & { readonly id: number })[] {
    return this.#all.all().map((row) => row as SqlRow & CandleSeries & { readonly id: number });
  }

  /** After a transaction that came to nothing. */
  forget(): void {
    this.#ids.clear();
  }
}
