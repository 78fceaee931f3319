import type { Candle, EpochMs } from '../../core/candle.ts';
import { withGap, withoutSlot } from '../../core/gap.ts';
import { slotBefore } from '../../core/grid.ts';
import { nextOpenTime, type Interval } from '../../core/interval.ts';
import type { Gap } from '../../ports/candle-store.ts';
import { firstRow, type Database, type SqlRow, type Statement } from './engine.ts';

/** The table `gap`: ranges that neither touch each other nor hold a stored candle. */
export class GapTable {
  readonly #all: Statement;
  readonly #between: Statement;
  readonly #latest: Statement;
  readonly #insert: Statement;
  readonly #delete: Statement;
  readonly #candles: Statement;

  constructor(database: Database) {
    const select = 'SELECT "from", "to" FROM gap WHERE series_id = ?';
    this.#all = database.prepare(`${select} ORDER BY "from"`);
    this.#between = database.prepare(`${select} AND "to" >= ? AND "from" <= ? ORDER BY "from"`);
    this.#latest = database.prepare('SELECT max("to") AS latest FROM gap');
    this.#insert = database.prepare('INSERT INTO gap (series_id, "from", "to") VALUES (?, ?, ?)');
    this.#delete = database.prepare('DELETE FROM gap WHERE series_id = ? AND "from" = ?');
    this.#candles = database.prepare(
      'SELECT timestamp FROM candle WHERE series_id = ? AND timestamp >= ? AND timestamp < ?',
    );
  }

  all(id: number): readonly Gap[] {
    return this.#all.all(id).map(gapOf);
  }

  add(id: number, gap: Gap, interval: Interval): void {
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

  #find(id: number, from: EpochMs, to: EpochMs): readonly Gap[] {
    return this.#between.all(id, from, to).map(gapOf);
  }

  #replace(id: number, before: readonly Gap[], after: readonly Gap[]): void {
    for (const { from } of before) this.#delete.run(id, from);
    for (const { from, to } of after) this.#insert.run(id, from, to);
  }
}

function without(gaps: readonly Gap[], openTimes: readonly EpochMs[], interval: Interval): readonly Gap[] {
  return openTimes.reduce((left, openTime) => withoutSlot(left, openTime, interval), gaps);
}

function gapOf(row: SqlRow): Gap {
  return { from: Number(row['from']), to: Number(row['to']) };
}

function timeIn(row: SqlRow): EpochMs {
  return Number(row['timestamp']);
}
