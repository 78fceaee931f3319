import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csv } from '../../../src/cli/format.ts';
import { run } from '../../../src/cli/program.ts';
import type { Candle } from '../../../src/index.ts';
import { openStore } from '../../../src/store/index.ts';
import { startFakeExchange, type FakeExchange } from '../../../src/testing/index.ts';
import { parquetRows } from '../../support/parquet.ts';
import { fakeTerminal } from '../../support/terminal.ts';

const VENUE = 'binance-spot';
const HOUR = 3_600_000;
const MINUTE = 60_000;
/** What the feed warns of where a busy machine lets it wait for ten seconds. */
const WAITS = /^\S+ WARN rx-candles: waiting for [^\n]*\n/gm;

describe.concurrent('rx-candles history', () => {
  let exchange: FakeExchange;
  let root: string;
  let to: number;
  let from: number;
  beforeAll(async () => {
    exchange = await startFakeExchange();
    root = mkdtempSync(join(tmpdir(), 'rx-candles-history-'));
    to = Math.floor(exchange.now() / HOUR) * HOUR - HOUR;
    from = to - 20 * HOUR;
  });
  afterAll(async () => {
    await exchange.close();
    rmSync(root, { recursive: true });
  });

  const newFolder = () => mkdtempSync(join(root, 'a'));
  async function save(path: string, symbols: readonly string[], ...more: string[]) {
    const { terminal, out, err } = fakeTerminal();
    const { stream, rest } = exchange.endpoints(VENUE);
    const hosts = ['--venue', VENUE, '--stream-url', stream, '--rest-url', rest, '--log-level', 'warn'];
    const span = ['--from', new Date(from).toISOString(), '--to', new Date(to).toISOString()];
    const code = await run(['history', ...symbols, ...hosts, ...span, ...more, '--out', path], terminal);
    return { code, out: out(), err: err().replace(WAITS, '') };
  }
  const truth = (symbol: string): Candle[] =>
    exchange
      .candles({ venue: VENUE, symbol, interval: '1m' }, from, to)
      .map((candle) => ({ ...candle, source: 'history' }));
  const linesOf = (...symbols: string[]) => symbols.flatMap(truth).map((candle) => csv.line(candle));

  it('writes CSV, one series after another, and nothing else', async () => {
    const folder = newFolder();
    const path = join(folder, 'a.csv');
    const err = `rx-candles: 2,400 candles of 2 series in ${path}, none missing\n`;
    expect(await save(path, ['btcusdt', 'ETHUSDT', 'BTCUSDT'])).toEqual({ code: 0, out: '', err });
    expect(readFileSync(path, 'utf8')).toBe(csv.head + linesOf('BTCUSDT', 'ETHUSDT').join(''));
    expect(readdirSync(folder)).toEqual(['a.csv']);
  });

  it('writes Parquet that hyparquet reads, and the same bytes again', async () => {
    const folder = newFolder();
    const path = join(folder, 'a.parquet');
    expect((await save(path, ['BTCUSDT'])).code).toBe(0);
    const bytes = readFileSync(path);
    expect(await parquetRows(path)).toEqual(truth('BTCUSDT'));
    expect((await save(path, ['BTCUSDT'])).code).toBe(0);
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(readdirSync(folder)).toEqual(['a.parquet']);
  });

  it('writes a store, gaps included, and finds nothing new the second time', async () => {
    const path = join(newFolder(), 'a.db');
    const hole = { from: from + 100 * MINUTE, to: from + 101 * MINUTE };
    exchange.faults.market.hole({ venue: VENUE, symbol: 'SOLUSDT', interval: '1m', ...hole, before: hole.to + MINUTE });
    expect((await save(path, ['BTCUSDT', 'SOLUSDT'])).code).toBe(0);
    expect((await save(path, ['SOLUSDT', 'BTCUSDT'])).code).toBe(0);
    await using store = await openStore(path, { readOnly: true });
    const stored = { venue: VENUE, symbol: 'SOLUSDT', interval: '1m' } as const;
    expect(await store.info()).toMatchObject([
      { symbol: 'BTCUSDT', candles: 1200, gaps: 0, revisions: 0 },
      { symbol: 'SOLUSDT', candles: 1198, gaps: 1, revisions: 0 },
    ]);
    expect(await store.gaps(stored)).toEqual([hole]);
    const read: Candle[] = [];
    for await (const candle of store.read(stored)) read.push(candle);
    expect(read).toEqual(truth('SOLUSDT'));
  });

  it('leaves a database of somebody else as it is', async () => {
    const path = join(newFolder(), 'a.db');
    writeFileSync(path, 'not ours');
    const { code, err } = await save(path, ['BTCUSDT']);
    expect([code, err]).toEqual([1, expect.stringContaining(path) as string]);
    expect(readFileSync(path, 'utf8')).toBe('not ours');
  });

  it.each([
    ['a.csv', ['BTCUSDT', 'ETHUSDT']],
    ['a.ndjson', ['BTCUSDT']],
  ])('resumes %s wherever it was cut off, to the same bytes', async (name, symbols) => {
    const folder = newFolder();
    await save(join(folder, name), symbols);
    const whole = readFileSync(join(folder, name));
    const line = whole.indexOf('\n', whole.length / 2) + 1;
    const cuts = [0, 3, Math.floor(whole.length * 0.3), line, line + 30, whole.length - 1, whole.length];
    await Promise.all(
      cuts.map(async (bytes) => {
        const path = join(folder, `${bytes}-${name}`);
        writeFileSync(path, whole.subarray(0, bytes));
        const { code } = await save(path, symbols);
        expect([bytes, code, readFileSync(path).equals(whole)]).toEqual([bytes, 0, true]);
      }),
    );
  });

  it('goes on to a later end, and says where the other series have ended if it cannot', async () => {
    const path = join(newFolder(), 'a.csv');
    const [early, late] = [new Date(to - HOUR).toISOString(), new Date(to).toISOString()];
    await save(path, ['BTCUSDT'], '--to', early);
    expect((await save(path, ['BTCUSDT'])).err).toContain('1,200 candles of 1 series');
    expect(readFileSync(path, 'utf8')).toBe(csv.head + linesOf('BTCUSDT').join(''));
    const both = join(newFolder(), 'a.csv');
    await save(both, ['BTCUSDT', 'ETHUSDT'], '--to', early);
    const { code, err } = await save(both, ['BTCUSDT', 'ETHUSDT'], '--to', late);
    expect(code).toBe(1);
    expect(err).toContain(`its BTCUSDT 1m ends at ${early}; to go on with it, pass --to ${early}`);
  });

  it.each([
    ['a.csv', 'open,close\n1,2\n'],
    ['a.csv', 'a note without an end'],
    ['a.ndjson', '{"price":1}\n'],
    ['a.ndjson', 'a note without an end'],
    ['a.parquet', 'PAR1 or not'],
  ])('leaves %s alone that holds %j', async (name, text) => {
    const folder = newFolder();
    const path = join(folder, name);
    writeFileSync(path, text);
    const { code, out, err } = await save(path, ['BTCUSDT']);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^rx-candles: [^\n]*is left as it is: [^\n]*\n$/);
    expect([readFileSync(path, 'utf8'), readdirSync(folder)]).toEqual([text, [name]]);
  });

  it('leaves a file alone that holds other series or another span', async () => {
    const path = join(newFolder(), 'a.csv');
    const text = csv.head + linesOf('BTCUSDT').slice(60).join('');
    writeFileSync(path, text);
    const attempts = [['BTCUSDT'], ['ETHUSDT'], ['BTCUSDT', '-i', '5m']];
    expect(await Promise.all(attempts.map(async (attempt) => (await save(path, attempt)).code))).toEqual([1, 1, 1]);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('leaves a file alone that was changed by hand', async () => {
    const path = join(newFolder(), 'a.csv');
    const lines = linesOf('BTCUSDT').slice(0, 100);
    writeFileSync(path, csv.head + [...lines.slice(0, 50), ...lines.slice(49)].join(''));
    expect((await save(path, ['BTCUSDT'])).err).toContain('its line 52 was not written by this command');
  });

  it.each(['a.csv', 'a.parquet'])(
    'makes no %s where a series does not exist, and says what was meant',
    async (name) => {
      const folder = newFolder();
      const { code, err } = await save(join(folder, name), ['BTCUSDT', 'BTCUSD']);
      expect(code).toBe(1);
      expect(err).toMatch(/^rx-candles: [^\n]*"BTCUSD"; did you mean BTCUSDT\?\n$/);
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  it.each(['no-such-folder/a.csv', 'no-such-folder/a.parquet'])(
    'says at once that it cannot write %s',
    async (name) => {
      const { code, err } = await save(join(newFolder(), name), ['BTCUSDT']);
      expect(code).toBe(1);
      expect(err).toMatch(/^rx-candles: cannot write [^\n]*: its folder does not exist[^\n]*\n$/);
    },
  );

  it('names the file where the file system refuses', async () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'a.csv'));
    const { code, err } = await save(join(folder, 'a.csv'), ['BTCUSDT']);
    expect(code).toBe(1);
    expect(err).toMatch(/^rx-candles: cannot (read|write) [^\n]*a\.csv: EISDIR[^\n]*\n$/);
  });

  it('lists the holes of the exchange at the end, those in a resumed part too', async () => {
    const holed = await startFakeExchange();
    const { stream, rest } = holed.endpoints(VENUE);
    const series = { venue: VENUE, symbol: 'BTCUSDT', interval: '1m' } as const;
    holed.faults.market.hole({ ...series, from: from + HOUR, before: from + HOUR + 180_000 });
    const path = join(newFolder(), 'a.csv');
    const hosts = ['--stream-url', stream, '--rest-url', rest, '--log-level', 'silent'];
    const first = await save(path, ['BTCUSDT'], ...hosts);
    const again = await save(path, ['BTCUSDT'], ...hosts);
    await holed.close();
    const [begin, end] = [from + HOUR, from + HOUR + 120_000].map((time) => new Date(time).toISOString());
    for (const { code, err } of [first, again]) {
      expect(code).toBe(0);
      expect(err).toContain(`rx-candles: the exchange has no candles of BTCUSDT 1m ${begin} to ${end} (3)\n`);
      expect(err).toMatch(/1,197 candles of 1 series in [^\n]*, 3 missing in 1 hole\n$/);
    }
  });

  it.each([
    ['a.csv', 'the same command goes on'],
    ['a.parquet', 'was not written'],
  ])('ends with 0 when the user wants an end, and %s', async (name, what) => {
    const folder = newFolder();
    const { terminal, stop$, err } = fakeTerminal();
    const { stream, rest } = exchange.endpoints(VENUE);
    const hosts = ['--venue', VENUE, '--stream-url', stream, '--rest-url', rest, '--log-level', 'silent'];
    const done = run(['history', 'BTCUSDT', ...hosts, '--from', '0', '--out', join(folder, name)], terminal);
    // Until it listens: a real terminal remembers.
    const asking = setInterval(() => stop$.next(), 300);
    expect(await done).toBe(0);
    clearInterval(asking);
    expect(err()).toMatch(new RegExp(`^rx-candles: stopped[^\\n]*${what}\\n$`));
    if (name.endsWith('.parquet')) expect(readdirSync(folder)).toEqual([]);
  });

  it('draws a bar on a terminal, and leaves it whole', async () => {
    const { terminal, err } = fakeTerminal({ isTTY: true, columns: 100 });
    const { stream, rest } = exchange.endpoints(VENUE);
    const hosts = ['--venue', VENUE, '--stream-url', stream, '--rest-url', rest, '--log-level', 'silent'];
    const span = ['--from', String(from), '--to', String(to)];
    const args = ['history', 'BTCUSDT', ...hosts, ...span, '--out', join(newFolder(), 'a.csv')];
    Object.assign(terminal.err, { isTTY: true, columns: 100 });
    expect(await run(args, terminal)).toBe(0);
    expect(err()).toMatch(/█{30} 100 % {2}1,200\/1,200 candles/);
  });
});
