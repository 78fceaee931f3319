import type { Candle, EpochMs } from '../../core/candle.ts';
import { rangesOf, withGap, withoutSlot } from '../../core/gap.ts';
import { slotBefore } from '../../core/grid.ts';
import { nextOpenTime, type Interval } from '../../core/interval.ts';
import type { Gap, GapReason, ReasonedGap } from '../../ports/candle-store.ts';
import { firstRow, type Database, type SqlRow, type Statement } from './engine.ts';

/** The table `gap`: ranges that hold no stored candle, and that touch each other only where their reasons differ. */
export class GapTable {
  readonly #database: Database;
  readonly #all: Statement;
  readonly #between: Statement;
  readonly #latest: Statement;
  readonly #delete: Statement;
  readonly #candles: Statement;
  #inserting: Statement | undefined;

  constructor(database: Database) {
    this.#database = database;
    const select = `SELECT "from", "to", ${hasReasons(database) ? 'reason' : 'NULL AS reason'} FROM gap WHERE series_id = ?`;
    this.#all = database.prepare(`${select} ORDER BY "from"`);
    this.#between = database.prepare(`${select} AND "to" >= ? AND "from" <= ? ORDER BY "from"`);
    this.#latest = database.prepare('SELECT max("to") AS latest FROM gap');
    this.#delete = database.prepare('DELETE FROM gap WHERE series_id = ? AND "from" = ?');
    this.#candles = database.prepare(
      'SELECT timestamp FROM candle WHERE series_id = ? AND timestamp >= ? AND timestamp < ?',
    );
  }

  all(id: number): readonly ReasonedGap[] {
    return this.#all.all(id).map(gapOf);
  }

  /** Whatever the reasons. */
  ranges(id: number, interval: Interval): readonly Gap[] {
    return rangesOf(this.all(id), interval);
  }

  add(id: number, gap: ReasonedGap, interval: Interval): void {
    const before = slotBefore(gap.from, { interval, gridPoint: gap.from });
    const touching = this.#find(id, before, nextOpenTime(gap.to, interval));
    const stored = this.#candles.all(id, gap.from, nextOpenTime(gap.to, interval));
    const joined = withGap(touching, gap, interval);
    this.#replace(id, touching, without(joined, stored.map(timeIn), interval));
  }

  /** Candles have been stored: where there was a gap, there is none any more. */
  fill(id: number, candles: readonly Candle[]): void {
    for (const { timestamp, interval } of candles) {
      const around = this.#find(id, slotBefore(timestamp, { interval, gridPoint: timestamp }), timestamp);
      if (around.length > 0) this.#replace(id, around, without(around, [timestamp], interval));
    }
  }

  /** Open time of the last candle in any gap of any series; -Infinity for none. */
  latest(): EpochMs {
    const latest = firstRow(this.#latest)?.['latest'];
    return typeof latest === 'number' ? latest : -Infinity;
  }

  #find(id: number, from: EpochMs, to: EpochMs): readonly ReasonedGap[] {
    return this.#between.all(id, from, to).map(gapOf);
  }

  #replace(id: number, before: readonly Gap[], after: readonly ReasonedGap[]): void {
    for (const { from } of before) this.#delete.run(id, from);
    for (const { from, to, reason } of after) this.#insert.run(id, from, to, reason ?? null);
  }

  /** Prepared late: a file of version 1 that is only read has no such column. */
  get #insert(): Statement {
    this.#inserting ??= this.#database.prepare('INSERT INTO gap (series_id, "from", "to", reason) VALUES (?, ?, ?, ?)');
    return this.#inserting;
  }
}

/** Not in a file of version 1, which stays as it is while it is only read. */
function hasReasons(database: Database): boolean {
  return database.prepare("SELECT 1 FROM pragma_table_info('gap') WHERE name = 'reason'").all().length > 0;
}

function without(
  gaps: readonly ReasonedGap[],
  openTimes: readonly EpochMs[],
  interval: Interval,
): readonly ReasonedGap[] {
  return openTimes.reduce((left, openTime) => withoutSlot(left, openTime, interval), gaps);
}

function gapOf({ from, to, reason }: SqlRow): ReasonedGap {
  const range = { from: Number(from), to: Number(to) };
  return typeof reason === 'string' ? { ...range, reason: reason as GapReason } : range;
}

function timeIn(row: SqlRow): EpochMs {
  return Number(row['timestamp']);
}
