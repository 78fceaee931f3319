import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CLIENT_CORE, SERVER_CORE, canPin, startProcess } from '../lib/processes.mjs';
import { markdownTable } from '../lib/markdown.mjs';
import { halfOf, median, ratios } from '../lib/statistics.mjs';

const cwd = fileURLToPath(new URL('../../..', import.meta.url));
const OURS = "await import('rx-candles');";
/** The same process without our own files: `rxjs` for its names, `ws` as an ES module. */
const FLOOR = "await Promise.all([import('ws'), import('rxjs')]);";
const MEASURE = 'console.log(JSON.stringify(process.cpuUsage()));';
/** For each of `--runs`, so many processes of each kind, which take turns. */
const IMPORTS = 20;
const STARTS = 8;
const LONGEST_START_MS = 30_000;

/** A command line on the client's core. */
function onCore(args) {
  const node = [process.execPath, ...args];
  return canPin ? ['taskset', '-c', String(CLIENT_CORE), ...node] : node;
}

function run(code, env = {}) {
  const [program, ...args] = onCore(['--input-type=module', '--eval', code]);
  return spawnSync(program, args, { cwd, encoding: 'utf8', env: { ...process.env, ...env } });
}

function cpuMs(code) {
  const { user, system } = JSON.parse(run(code + MEASURE).stdout);
  return (user + system) / 1000;
}

/** Node's own record of the scripts it ran, which misses neither `import` nor `require`. */
export function loadedFiles(code = OURS) {
  const folder = mkdtempSync(join(tmpdir(), 'rx-candles-loaded-'));
  run(code, { NODE_V8_COVERAGE: folder });
  const scripts = readdirSync(folder).flatMap((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')).result);
  rmSync(folder, { recursive: true, force: true });
  return scripts.map(({ url }) => url).filter((url) => url.startsWith('file:'));
}

/** CPU ms of processes that import nothing, the floor and this library, in turn. */
export function importTimes(count) {
  const all = { nothing: [], floor: [], ours: [] };
  for (let turn = 0; turn < count; turn++) {
    all.nothing.push(cpuMs(''));
    all.floor.push(cpuMs(FLOOR));
    all.ours.push(cpuMs(OURS));
  }
  return all;
}

/** From the start of a process to its first line, ms: on the clock, and on any core, which a busy machine changes less. */
async function firstLineOf(args) {
  const [program, ...rest] = onCore(args);
  const startedAt = performance.now();
  const child = spawn(program, rest, { cwd: tmpdir(), stdio: ['ignore', 'pipe', 'pipe'], timeout: LONGEST_START_MS });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const line = new Promise((resolve) => [child.stdout, child.stderr].forEach((pipe) => pipe.once('data', resolve)));
  await Promise.race([line, ended]);
  const took = { wall: performance.now() - startedAt, cpu: cpuMsOf(child.pid) };
  child.kill('SIGKILL');
  await ended;
  return took;
}

/** What all threads of a process have run so far; NaN where the system does not tell. */
function cpuMsOf(pid) {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const ns = threads.map((id) => Number(readFileSync(`/proc/${pid}/task/${id}/schedstat`, 'utf8').split(' ')[0]));
    return ns.reduce((sum, one) => sum + one, 0) / 1e6;
  } catch {
    return Number.NaN;
  }
}

const NOTHING = '`node -e "console.log()"`';
const MARK = 'the mark is drawn: subscribed, acknowledged, the clock known';
const WATCH = '`rx-candles watch`, what it waits for';
const PAST = '`rx-candles watch --history 1`, the candle';

/** The exchange is up before, in a process of its own on the other core. */
async function startTimes(count) {
  const server = startProcess('server/fake-exchange.mjs', { core: SERVER_CORE });
  try {
    const { stream, rest } = await server.ask('listen', { symbols: 100 });
    const cli = join(cwd, 'dist/cli/cli.js');
    const starts = {
      [NOTHING]: ['-e', 'console.log()'],
      [MARK]: [join(cwd, 'spec/bench/client/mark.mjs'), JSON.stringify({ stream, rest })],
      [WATCH]: [cli, 'watch', 'S0000USDT', '--stream-url', stream, '--rest-url', rest],
      [PAST]: [
        cli,
        'watch',
        'S0000USDT',
        '--history',
        '1',
        '--json',
        '--stream-url',
        stream,
        '--rest-url',
        rest,
        '--log-level',
        'silent',
      ],
    };
    const times = Object.fromEntries(Object.keys(starts).map((name) => [name, []]));
    for (let turn = 0; turn < count; turn++) {
      for (const [name, args] of Object.entries(starts)) times[name].push(await firstLineOf(args));
    }
    return times;
  } finally {
    await server.stop();
  }
}

export async function startUp({ runs, say }) {
  say('imports');
  const imports = importTimes(IMPORTS * runs);
  say('first lines');
  const starts = await startTimes(STARTS * runs);
  const files = loadedFiles();
  const own = files.filter((url) => url.startsWith(new URL('../../../dist/', import.meta.url).href));
  const unwanted = files.filter((url) =>
    /node_modules\/(ccxt|commander|yaml|dotenv)\/|\/dist\/(cli|testing)\/|\/shared\/commander/.test(url),
  );
  const above = imports.ours.map((value, index) => value - imports.floor[index]);
  const wallOf = (name) => starts[name].map(({ wall }) => wall);
  const rows = [...importRows(imports), ...startRows(starts)];
  return {
    table: rows,
    markdown: markdownTable(rows),
    goals: [
      ["import 'rx-candles', ms of CPU above ws and rxjs", '≤ 10', halfOf(above, 0)],
      [MARK, '≤ 250 ms', halfOf(wallOf(MARK), 0)],
      [WATCH, '≤ 300 ms', halfOf(wallOf(WATCH), 0)],
      ['ccxt or anything of the command line loaded', 'none', unwanted.length === 0 ? 'none' : unwanted.join(' ')],
      ['files loaded, ours among them', '', `${files.length}, ${own.length}`],
    ],
    problems: [],
  };
}

const IMPORT_NAMES = {
  nothing: 'an empty module',
  floor: '`import` of `ws` and `rxjs`',
  ours: '`import` of `rx-candles`',
};

function importRows(times) {
  return Object.entries(times).map(([name, each]) => rowOf(IMPORT_NAMES[name], { cpu: each, bare: times.nothing }));
}

function startRows(starts) {
  const of = (name, kind) => starts[name].map((took) => took[kind]);
  return Object.keys(starts).map((name) => ({
    ...rowOf(name, { cpu: of(name, 'cpu'), bare: of(NOTHING, 'cpu') }),
    'on the clock, ms': halfOf(of(name, 'wall'), 0),
    '× a bare process, on the clock': ratioOf(of(name, 'wall'), of(NOTHING, 'wall')),
  }));
}

function rowOf(name, { cpu, bare }) {
  return {
    '': name,
    'CPU, ms': halfOf(cpu, 0),
    '× a bare process': ratioOf(cpu, bare),
    'on the clock, ms': '',
    '× a bare process, on the clock': '',
  };
}

/** The median of what each run takes, divided by what the bare process took in its turn. */
function ratioOf(each, bare) {
  return median(ratios(each, bare, (value) => value)).toFixed(2);
}
