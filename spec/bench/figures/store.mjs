import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { count as counting, lastValueFrom, tap } from 'rxjs';
import { openStore, replay$ } from '../../../dist/store/index.js';
import { memoryLog } from '../lib/memory.mjs';
import { median } from '../lib/statistics.mjs';

/** `npm run bench -- store`: a million candles in and out, and beside it the same rows through SQLite and DuckDB alone. */
const SERIES = 300;
const MARKET = 2700;
const CANDLES = 1_000_000;
const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 1);
const TABLE = `timestamp INTEGER, closeTime INTEGER, open REAL, high REAL, low REAL, close REAL, volume REAL,
  quoteVolume REAL, trades INTEGER, takerBuyVolume REAL, takerBuyQuoteVolume REAL, source TEXT`;

function candleAt(series, minute) {
  const timestamp = START + minute * MINUTE;
  const open = 100 + ((series * 7 + minute * 13) % 1000) / 100;
  return Object.freeze({
    venue: 'binance-usdm', symbol: `S${series}USDT`, interval: '1m', timestamp, closeTime: timestamp + MINUTE - 1,
    open, high: open + 1.25, low: open - 0.75, close: open + 0.5, volume: minute * 0.137, quoteVolume: minute * 13.7,
    trades: minute % 900, takerBuyVolume: minute * 0.06, takerBuyQuoteVolume: minute * 6.1, source: 'stream',
  }); // prettier-ignore
}

/** The minutes of a market of so many series. */
function* minutesOf(series, candles) {
  for (let minute = 0; minute * series < candles; minute++)
    yield Array.from({ length: series }, (_, one) => candleAt(one, minute));
}

/** Wall and CPU time of some work, ms. */
async function timed(work) {
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const { user, system } = process.cpuUsage(cpu);
  return { result, ms: performance.now() - began, cpuMs: (user + system) / 1000 };
}

async function ours(path) {
  const store = await openStore(path);
  const written = await timed(async () => {
    for (const minute of minutesOf(SERIES, CANDLES)) await store.append(minute);
  });
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 50);
  const replayed = await timed(async () => lastValueFrom(replay$(store, await store.series()).pipe(counting())));
  const single = await timed(async () => {
    let read = 0;
    for (const one of await store.series())
      for await (const candle of store.read(one)) read += Number(candle.close > 0);
    return read;
  });
  clearInterval(watch);
  await store.close();
  const problems = [replayed, single]
    .filter(({ result }) => result < CANDLES)
    .map(({ result }) => `only ${result} candles`);
  return { written, replayed, single, growth: (most - before) / 2 ** 20, bytes: statSync(path).size, problems };
}

/** What is held while a million candles are written, and while they are replayed: at the start and after each fifth. */
async function memory(path) {
  const [writing, replaying] = [memoryLog(), memoryLog()];
  const perFifth = CANDLES / 5;
  const store = await openStore(path);
  let count = 0;
  for (const minute of minutesOf(SERIES, CANDLES)) {
    if (count % perFifth < SERIES) writing.note();
    await store.append(minute);
    count += SERIES;
  }
  writing.note();
  count = 0;
  const replayed$ = replay$(store, await store.series()).pipe(
    tap(() => {
      if (count % perFifth === 0) replaying.note();
      count += 1;
    }),
  );
  await lastValueFrom(replayed$);
  replaying.note();
  await store.close();
  return { writing, replaying };
}

/** How long a minute of a whole market takes to be durable, on a store that holds some already. */
async function marketMinute(path) {
  const store = await openStore(path);
  const times = [];
  for (const minute of minutesOf(MARKET, 40 * MARKET)) times.push((await timed(() => store.append(minute))).ms);
  await store.close();
  return times.slice(10);
}

/** One table, one prepared statement, one transaction a minute. */
async function plainSqlite(path) {
  const own = process.getBuiltinModule('node:sqlite');
  const Database = own?.DatabaseSync ?? (await import('libsql')).default;
  const database = new Database(path);
  database.prepare('PRAGMA journal_mode = WAL').get();
  database.exec('PRAGMA synchronous = FULL');
  database.exec(`CREATE TABLE c (series INTEGER, ${TABLE}, PRIMARY KEY (series, timestamp)) WITHOUT ROWID`);
  const insert = database.prepare(`INSERT INTO c VALUES (${Array(13).fill('?').join(',')})`);
  const written = await timed(() => {
    for (const minute of minutesOf(SERIES, CANDLES)) {
      database.exec('BEGIN');
      minute.forEach((candle, series) => insert.run(series, ...Object.values(candle).slice(3)));
      database.exec('COMMIT');
    }
  });
  const select = database.prepare('SELECT * FROM c WHERE series = ? ORDER BY timestamp');
  const read = await timed(() => {
    for (let series = 0; series < SERIES; series++) select.all(series);
  });
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
  return { name: own ? 'node:sqlite alone' : 'libsql alone', written, read, bytes: statSync(path).size };
}

/** Not installed with the project: 70 MB. `npm install --no-save @duckdb/node-api` before the benchmark. */
async function duckdb(path) {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create(path)).connect();
  const columns = TABLE.replaceAll('INTEGER', 'BIGINT').replaceAll('REAL', 'DOUBLE').replaceAll('TEXT', 'VARCHAR');
  await connection.run(`CREATE TABLE c (series BIGINT, ${columns}, PRIMARY KEY (series, timestamp))`);
  const written = await timed(async () => {
    for (const minute of minutesOf(SERIES, CANDLES)) {
      const appender = await connection.createAppender('c');
      minute.forEach((candle, series) => {
        appender.appendBigInt(BigInt(series));
        Object.values(candle).slice(3).forEach((value, column) => {
          if (typeof value === 'string') appender.appendVarchar(value);
          else if (column < 2 || column === 8) appender.appendBigInt(BigInt(value));
          else appender.appendDouble(value);
        }); // prettier-ignore
        appender.endRow();
      });
      appender.closeSync();
    }
  });
  const read = await timed(async () => {
    for (let series = 0; series < SERIES; series++)
      await (await connection.runAndReadAll(`SELECT * FROM c WHERE series = ${series} ORDER BY timestamp`)).getRows();
  });
  await connection.run('CHECKPOINT');
  connection.closeSync();
  return { name: 'DuckDB alone', written, read, bytes: statSync(path).size };
}

const rate = ({ ms }) => Math.round(CANDLES / ms);
const row = (name, { written, read, bytes }) => ({
  '': name,
  'in, candles/ms': rate(written),
  'in, CPU s': (written.cpuMs / 1000).toFixed(1),
  'out, candles/ms': rate(read),
  'out, CPU s': (read.cpuMs / 1000).toFixed(1),
  'MB': Math.round(bytes / 1e6),
}); // prettier-ignore

export async function store({ say }) {
  const folder = mkdtempSync(join(tmpdir(), 'rx-candles-bench-store-'));
  const in_ = (name) => join(folder, name);
  try {
    say(`${CANDLES} candles of ${SERIES} series in and out`);
    const own = await ours(in_('a.db'));
    say(`minutes of ${MARKET} series`);
    const minutes = await marketMinute(in_('b.db'));
    say('the same rows through SQLite and DuckDB alone');
    const others = [await plainSqlite(in_('c.db')), await duckdb(in_('d.db')).catch(() => undefined)];
    say('what is held meanwhile');
    const held = await memory(in_('e.db'));
    const table = [
      row('rx-candles/store', { ...own, read: own.single }),
      ...others.filter(Boolean).map((other) => row(other.name, other)),
    ];
    const goals = [
      [`a minute of ${MARKET} series durable, ms, median and most`, '', `${median(minutes).toFixed(0)}, ${Math.max(...minutes).toFixed(0)}`],
      [`replay of ${SERIES} series merged, candles/ms`, '', String(rate(own.replayed))],
      ['memory grows while a million is read, MB', '', own.growth.toFixed(0)],
      ['MB while a million is written, at the start and after each fifth', '', held.writing.text()],
      ['MB while a million is replayed', '', held.replaying.text()],
    ]; // prettier-ignore
    return { table, goals, problems: own.problems };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
