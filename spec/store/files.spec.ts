import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import type { Candle } from 'rx-candles';
import { exportParquet, importCsv, importFreqtrade, openStore, type CandleStore } from 'rx-candles/store';
import { csv } from '../../src/cli/format.ts';
import { BTC, MINUTE, START, minute, minutes, storeFolder } from '../support/stored.ts';

const folder = storeFolder();
const SPOT = { ...BTC, venue: 'binance-spot' } as const;
const UNKNOWN = { quoteVolume: null, trades: null, takerBuyVolume: null, takerBuyQuoteVolume: null };
let store: CandleStore;
let home: string;

beforeEach(async () => {
  home = folder.newFile().replace('.db', '');
  mkdirSync(home);
  store = await openStore(join(home, 'a.db'));
});
afterEach(() => store.close());
afterAll(() => {
  folder.remove();
});

const fileOf = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(home, name), content);
  return join(home, name);
};

async function stored(series: Parameters<CandleStore['read']>[0] = SPOT): Promise<readonly Candle[]> {
  const candles: Candle[] = [];
  for await (const candle of store.read(series)) candles.push(candle);
  return candles;
}

/** As Binance writes it: times in ms or µs, the last column without meaning. */
const archiveLine = (candle: Candle, unit: 'ms' | 'µs'): string => {
  const { timestamp, closeTime, open, high, low, close, volume, quoteVolume, trades } = candle;
  const times = unit === 'ms' ? [timestamp, closeTime] : [timestamp * 1000, closeTime * 1000 + 999];
  return [
    times[0],
    open,
    high,
    low,
    close,
    volume,
    times[1],
    quoteVolume,
    trades,
    candle.takerBuyVolume,
    candle.takerBuyQuoteVolume,
    0,
  ].join(',');
};
const HEADER =
  'open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore';
const inArchive = (count: number) => minutes(count, { venue: 'binance-spot', source: 'history' });

it.each([
  ['ms without a header', 'ms', ''],
  ['ms with a header', 'ms', `${HEADER}\n`],
  ['µs without a header', 'µs', ''],
] as const)('reads an archive of Binance in %s, zipped and not, once', async (_, unit, head) => {
  const text =
    head +
    inArchive(5)
      .map((candle) => `${archiveLine(candle, unit)}\n`)
      .join('');
  const plain = fileOf('BTCUSDT-1m-2026-01.csv', text);
  const zipped = fileOf('BTCUSDT-1m-2026-01.zip', zipSync({ 'BTCUSDT-1m-2026-01.csv': Buffer.from(text) }));
  expect(await importCsv(store, zipped, { venue: 'binance-spot' })).toEqual({ candles: 5, added: 5, revised: [] });
  expect(await stored()).toEqual(inArchive(5));
  expect(await importCsv(store, plain, { venue: 'binance-spot' })).toEqual({ candles: 5, added: 0, revised: [] });
});

it('refuses candles of another venue than the one given', async () => {
  const path = fileOf('other.csv', csv.head + csv.line(minute(0)));
  await expect(importCsv(store, path, { venue: 'okx' })).rejects.toMatchObject({
    reason: 'bad file',
    message: expect.stringMatching(/line 2: is of [a-z-]+, not of okx/) as string,
  });
  expect(await store.series()).toEqual([]);
});

it('reads what this library writes, every field', async () => {
  const candles = [minute(0, { source: 'history' }), minute(1, { ...UNKNOWN, source: 'history', open: 1e-8 })];
  await importCsv(store, fileOf('ours.csv', csv.head + candles.map((candle) => csv.line(candle)).join('')));
  expect(await stored(BTC)).toEqual(candles);
});

it('reads what pandas writes of a table indexed by time', async () => {
  const lines = [
    ',open,high,low,close,volume',
    '2026-01-01 00:00:00+00:00,1,2,0.5,1.5,10',
    '2026-01-01 00:01:00,1.5,3,1,2,20.5',
  ];
  await importCsv(store, fileOf('pandas.csv', lines.join('\n')), SPOT);
  expect(
    (await stored()).map(({ timestamp, closeTime, open, volume, trades }) => [
      timestamp,
      closeTime,
      open,
      volume,
      trades,
    ]),
  ).toEqual([
    [START, START + MINUTE - 1, 1, 10, null],
    [START + MINUTE, START + 2 * MINUTE - 1, 1.5, 20.5, null],
  ]);
});

it('reads what freqtrade has downloaded', async () => {
  const path = fileOf(
    'BTC_USDT-1m.json',
    JSON.stringify([
      [START, 1, 2, 0.5, 1.5, 10],
      [START + MINUTE, 1.5, 3, 1, 2, 20.5],
    ]),
  );
  expect(await importFreqtrade(store, path, SPOT)).toMatchObject({ candles: 2, added: 2 });
  expect((await stored())[1]).toMatchObject({
    timestamp: START + MINUTE,
    closeTime: START + 2 * MINUTE - 1,
    close: 2,
    volume: 20.5,
  });
  await expect(importFreqtrade(store, fileOf('b.json', '{}'), SPOT)).rejects.toMatchObject({ reason: 'bad file' });
});

it.each([
  [
    'a price that is no number',
    `${HEADER}\n${archiveLine(minute(0), 'ms')}\n${archiveLine(minute(1), 'ms').replace(/,\d+/, ',x')}`,
    'line 3: a price is not a number',
  ],
  ['no table', 'hello\n', 'line 1: has columns that are not known'],
  ['no known interval', `${HEADER}\n${archiveLine(minute(0), 'ms')}`, 'line 2: the interval is not known'],
  ['lines of many lengths', `${HEADER}\n1,2\n`, 'Invalid Record Length'],
])('says what is wrong with %s, and where', async (what, text, message) => {
  const path = fileOf(what.includes('interval') ? 'some.csv' : 'BTCUSDT-1m-2026-01.csv', text);
  const error: unknown = await importCsv(store, path, { venue: 'binance-spot', symbol: 'BTCUSDT' }).catch(
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ code: 'FEED_STORE', reason: 'bad file', path });
  expect(String(error)).toContain(message);
  expect(await store.series()).toEqual([]);
});

it('says that a file is not there, no archive, or not whole', async () => {
  const text = inArchive(2000).map((candle) => `${archiveLine(candle, 'ms')}\n`);
  const zipped = zipSync({ 'BTCUSDT-1m-2026-01.csv': Buffer.from(text.join('')) });
  const files = [
    join(home, 'none.csv'),
    fileOf('a.zip', 'no zip'),
    fileOf('b.zip', zipped.subarray(0, zipped.length / 2)),
  ];
  for (const path of files)
    await expect(importCsv(store, path, SPOT)).rejects.toMatchObject({ reason: 'bad file', path });
});

const rowsIn = async (path: string) => parquetReadObjects({ file: await asyncBufferFromFile(path) });

it('writes one Parquet file with a column for each field', async () => {
  const candles = [minute(0), minute(1, UNKNOWN), minute(0, { symbol: 'ETHUSDT' })];
  await store.append(candles);
  const path = join(home, 'all.parquet');
  expect(await exportParquet(store, path)).toEqual([{ path, candles: 3 }]);
  const rows = await rowsIn(path);
  const [first] = rows;
  expect(first?.['timestamp']).toEqual(new Date(START));
  const read = rows.map((row) => ({
    ...row,
    timestamp: Number(row['timestamp']),
    closeTime: Number(row['closeTime']),
    trades: row['trades'] === null ? null : Number(row['trades']),
  }));
  expect(read).toEqual(candles);
});

it('writes days in folders as Hive names them, a file each, and replaces them whole', async () => {
  const yesterday = minute(-1);
  await store.append([yesterday, minute(0), minute(1)]);
  const lake = join(home, 'lake');
  for (let times = 0; times < 2; times++) await exportParquet(store, lake, { series: BTC });
  const files = readdirSync(lake, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.\w+$/.test(file))
    .sort();
  const base = 'venue=binance-usdm/symbol=BTCUSDT/interval=1m';
  expect(files).toEqual([`${base}/day=2025-12-31/candles.parquet`, `${base}/day=2026-01-01/candles.parquet`]);
  expect(await rowsIn(join(lake, files[1] ?? ''))).toHaveLength(2);
  expect(readFileSync(join(lake, files[0] ?? ''), 'latin1').slice(0, 4)).toBe('PAR1');
});
