import { makeCandle, sameCandle, type Candle, type EpochMs } from '../../core/candle.ts';
import type {
  Appended,
  CandleSeries,
  Gap,
  PageRequest,
  ReasonedGap,
  Revision,
  SeriesGap,
  SeriesInfo,
} from '../../ports/candle-store.ts';
import { firstRow, type Database, type Statement } from './engine.ts';
import { GapTable } from './gap-table.ts';
import { candleOf, valuesOf } from './rows.ts';
import { COLUMNS } from './schema.ts';
import { SeriesTable } from './series-table.ts';

const ROW = `SELECT ${COLUMNS.join(', ')} FROM candle WHERE series_id = ?`;
const SPAN = `${ROW} AND timestamp >= ? AND timestamp < ?`;

/** The tables of an open file, as statements that are prepared once. Synchronous; throws what SQLite throws. */
export class Tables {
  readonly #database: Database;
  readonly #series: SeriesTable;
  readonly #gaps: GapTable;
  readonly #insert: Statement;
  readonly #one: Statement;
  readonly #oldest: Statement;
  readonly #newest: Statement;
  readonly #revise: Statement;
  readonly #revisions: Statement;
  readonly #count: Statement;

  constructor(database: Database) {
    this.#database = database;
    this.#series = new SeriesTable(database);
    this.#gaps = new GapTable(database);
    const places = COLUMNS.map(() => '?').join(', ');
    this.#insert = database.prepare(
      `INSERT INTO candle (series_id, ${COLUMNS.join(', ')}) VALUES (?, ${places}) ON CONFLICT DO NOTHING`,
    );
    this.#one = database.prepare(`${ROW} AND timestamp = ?`);
    this.#oldest = database.prepare(`${SPAN} ORDER BY timestamp LIMIT ?`);
    this.#newest = database.prepare(`${SPAN} ORDER BY timestamp DESC LIMIT ?`);
    this.#revise = database.prepare(
      'INSERT INTO revision (series_id, timestamp, candle) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    );
    this.#revisions = database.prepare(
      'SELECT timestamp, candle FROM revision WHERE series_id = ? ORDER BY timestamp, id',
    );
    this.#count = database.prepare(
      `SELECT count(*) AS candles, min(timestamp) AS first, max(timestamp) AS last,
         (SELECT count(*) FROM revision WHERE series_id = ?1) AS revisions
       FROM candle WHERE series_id = ?1`,
    );
  }

  append(candles: readonly Candle[], gaps: readonly SeriesGap[]): Appended {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const appended = { ...this.#addCandles(candles), gaps };
      for (const { from, to, reason, ...series } of gaps)
        this.#gaps.add(this.#series.add(series), { from, to, reason }, series.interval);
      this.#database.exec('COMMIT');
      return appended;
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  page(series: CandleSeries, { from, before, limit, newest = false }: PageRequest): readonly Candle[] {
    const id = this.#series.find(series);
    if (id === undefined) return [];
    const rows = (newest ? this.#newest : this.#oldest).all(id, from, before, limit);
    const candles = rows.map((row) => candleOf(series, row));
    return newest ? candles.reverse() : candles;
  }

  gaps(series: CandleSeries): readonly Gap[] {
    const id = this.#series.find(series);
    return id === undefined ? [] : this.#gaps.ranges(id, series.interval);
  }

  missing(series: CandleSeries): readonly ReasonedGap[] {
    const id = this.#series.find(series);
    return id === undefined ? [] : this.#gaps.all(id);
  }

  revisions(series: CandleSeries): readonly Revision[] {
    const id = this.#series.find(series);
    if (id === undefined) return [];
    return this.#revisions.all(id).flatMap(({ timestamp, candle }) => {
      const stored = this.#find(series, id, Number(timestamp));
      return stored === undefined ? [] : [{ stored, candle: makeCandle(JSON.parse(String(candle)) as Candle) }];
    });
  }

  info(): readonly SeriesInfo[] {
    const all = this.#series.all().map(({ id, venue, symbol, interval }) => {
      const counts = firstRow(this.#count, id) as unknown as Omit<SeriesInfo, keyof CandleSeries | 'gaps'>;
      const { candles, first, last, revisions } = counts;
      const gaps = this.#gaps.ranges(id, interval).length;
      return { venue, symbol, interval, candles, first, last, gaps, revisions };
    });
    return all.filter(({ candles }) => candles > 0);
  }

  /** Series of which a candle is stored. */
  series(): readonly CandleSeries[] {
    const all = this.#series.all().filter(({ id }) => firstRow(this.#oldest, id, -Infinity, Infinity, 1) !== undefined);
    return all.map(({ venue, symbol, interval }) => ({ venue, symbol, interval }));
  }

  #addCandles(candles: readonly Candle[]): { added: readonly Candle[]; revised: readonly Revision[] } {
    const added: Candle[] = [];
    const revised: Revision[] = [];
    for (const candle of candles) {
      const id = this.#series.add(candle);
      if (Number(this.#insert.run(id, ...valuesOf(candle)).changes) > 0) added.push(candle);
      else revised.push(...this.#compare(id, candle));
    }
    this.#fillGaps(added);
    return { added, revised };
  }

  /** A candle whose key is taken. */
  #compare(id: number, candle: Candle): readonly Revision[] {
    const stored = this.#find(candle, id, candle.timestamp);
    if (stored === undefined || sameCandle(stored, candle)) return [];
    this.#revise.run(id, candle.timestamp, JSON.stringify(makeCandle(candle)));
    return [{ stored, candle }];
  }

  #fillGaps(added: readonly Candle[]): void {
    const latest = this.#gaps.latest();
    const inPast = added.filter(({ timestamp }) => timestamp <= latest);
    const bySeries = new Map<number, Candle[]>();
    for (const candle of inPast) {
      const id = this.#series.add(candle);
      bySeries.set(id, [...(bySeries.get(id) ?? []), candle]);
    }
    for (const [id, candles] of bySeries) this.#gaps.fill(id, candles);
  }

  #find(series: CandleSeries, id: number, timestamp: EpochMs): Candle | undefined {
    const row = firstRow(this.#one, id, timestamp);
    return row === undefined ? undefined : candleOf(series, row);
  }

  /** A full disk has rolled back by itself. */
  #rollBack(): void {
    this.#series.forget();
    try {
      this.#database.exec('ROLLBACK');
    } catch {
      // What made it fail is being thrown.
    }
  }
}
