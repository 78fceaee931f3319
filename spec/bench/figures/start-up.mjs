import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CLIENT_CORE, canPin } from '../lib/processes.mjs';
import { median, spread } from '../lib/statistics.mjs';

const cwd = fileURLToPath(new URL('../../..', import.meta.url));
const OURS = "await import('rx-candles');";
/** The same process without our own files: `rxjs` for its names, `ws` as an ES module. */
const FLOOR = "await Promise.all([import('ws'), import('rxjs')]);";
const MEASURE = 'console.log(JSON.stringify(process.cpuUsage()));';

function run(code, env = {}) {
  const args = ['--input-type=module', '--eval', code];
  const [program, ...rest] = canPin
    ? ['taskset', '-c', String(CLIENT_CORE), process.execPath, ...args]
    : [process.execPath, ...args];
  return spawnSync(program, rest, { cwd, encoding: 'utf8', env: { ...process.env, ...env } });
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

export async function startUp({ runs, say }) {
  const all = { nothing: [], floor: [], ours: [] };
  for (let run = 0; run < 4 * runs; run++) {
    all.nothing.push(cpuMs(''));
    all.floor.push(cpuMs(FLOOR));
    all.ours.push(cpuMs(OURS));
  }
  say('start-up');
  const files = loadedFiles();
  const unwanted = files.filter((url) =>
    /node_modules\/(ccxt|commander|yaml|dotenv)\/|\/dist\/(apps|testing|shared\/testing)\b/.test(url),
  );
  const above = all.ours.map((value, index) => value - all.floor[index]);
  return {
    table: [
      { part: 'an empty module, CPU ms', value: spread(all.nothing, 0) },
      { part: 'ws and rxjs', value: spread(all.floor, 0) },
      { part: 'rx-candles', value: spread(all.ours, 0) },
      {
        part: 'files loaded, ours among them',
        value: `${files.length}, ${files.filter((url) => url.includes('/dist/') && !url.includes('node_modules')).length}`,
      },
    ],
    goals: [
      ["import 'rx-candles', ms of CPU above ws and rxjs", '≤ 10', `${median(above).toFixed(0)} (${spread(above, 0)})`],
      ['ccxt or anything of the command line loaded', 'none', unwanted.length === 0 ? 'none' : unwanted.join(' ')],
    ],
    problems: [],
  };
}
