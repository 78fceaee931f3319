import type { Database } from './engine.ts';

/** 'rxcd' in ASCII: by this a file is known for ours, also by the command `file`. */
export const APPLICATION_ID = 0x72_78_63_64;
/** Columns of `candle` behind the key of its series: the names of `FIELDS`. */
export const COLUMNS = [
  'timestamp', 'closeTime', 'open', 'high', 'low', 'close', 'volume', 'quoteVolume', 'trades', 'takerBuyVolume',
  'takerBuyQuoteVolume', 'source',
] as const; // prettier-ignore

/**
 * Statement lists by the version they lead to, the first for an empty file. One that has been released stays as it is: a new
 * column comes with a migration of its own, and with its name in `COLUMNS`.
 */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE series (
     id INTEGER PRIMARY KEY,
     venue TEXT NOT NULL, symbol TEXT NOT NULL, interval TEXT NOT NULL,
     UNIQUE (venue, symbol, interval)
   ) STRICT;
   CREATE TABLE candle (
     series_id INTEGER NOT NULL REFERENCES series (id),
     timestamp INTEGER NOT NULL, closeTime INTEGER NOT NULL,
     open REAL NOT NULL, high REAL NOT NULL, low REAL NOT NULL, close REAL NOT NULL,
     volume REAL NOT NULL, quoteVolume REAL, trades INTEGER, takerBuyVolume REAL, takerBuyQuoteVolume REAL,
     source TEXT NOT NULL,
     PRIMARY KEY (series_id, timestamp)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE gap (
     series_id INTEGER NOT NULL REFERENCES series (id),
     "from" INTEGER NOT NULL, "to" INTEGER NOT NULL,
     PRIMARY KEY (series_id, "from")
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX gap_to ON gap ("to");
   CREATE TABLE revision (
     id INTEGER PRIMARY KEY,
     series_id INTEGER NOT NULL REFERENCES series (id),
     timestamp INTEGER NOT NULL,
     candle TEXT NOT NULL,
     UNIQUE (series_id, timestamp, candle)
   ) STRICT;`,
  // Why the exchange lacks them; null where nobody has said it, as in all files of version 1.
  `ALTER TABLE gap ADD COLUMN reason TEXT;`,
];

/** Of the tables, by the number of migrations that lead there. */
export const VERSION = MIGRATIONS.length;

/** Made anew with each version. */
const VIEW = `
  DROP VIEW IF EXISTS candles;
  CREATE VIEW candles AS
    SELECT venue, symbol, interval, ${COLUMNS.join(', ')} FROM candle JOIN series ON series.id = candle.series_id;`;

/** Brings a file from one version to the newest, within the transaction of the caller. */
export function migrate(database: Database, from: number): void {
  for (const statements of MIGRATIONS.slice(from)) database.exec(statements);
  database.exec(VIEW);
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${VERSION};`);
}
