import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { canPin } from './lib/processes.mjs';
import { burst } from './figures/burst.mjs';
import { check } from './figures/check.mjs';
import { flood } from './figures/flood.mjs';
import { log } from './figures/log.mjs';
import { market } from './figures/market.mjs';
import { memory } from './figures/memory.mjs';
import { metrics } from './figures/metrics.mjs';
import { peers } from './figures/peers.mjs';
import { scale } from './figures/scale.mjs';
import { scaleOut } from './figures/scale-out.mjs';
import { soak } from './figures/soak.mjs';
import { startUp } from './figures/start-up.mjs';
import { store } from './figures/store.mjs';

/**
 * Everything `docs/speed.md` says, measured: `npm run bench`, or some of it:
 * `npm run bench -- peers flood burst scale market memory store metrics start-up [--runs 5] [--json file]`.
 * Apart from them: ten minutes, `npm run bench -- soak [--minutes 10]`; what needs a nats-server, `npm run bench -- log`.
 * What a log costs, computed from that: `npm run bench -- scale-out`.
 * `flood` and `burst` measure another build beside this one: `--against <folder>/dist/index.js`. `check` compares with the
 * ratios committed (`--write` writes them).
 */
const FIGURES = {
  'start-up': startUp,
  peers,
  flood,
  burst,
  scale,
  market,
  memory,
  store,
  metrics,
  log,
  'scale-out': scaleOut,
  soak,
  check,
};
/** Only when asked for. */
const APART = ['soak', 'log', 'scale-out', 'check'];
const here = fileURLToPath(new URL('.', import.meta.url));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string' },
    minutes: { type: 'string', default: '10' },
    only: { type: 'string' },
    against: { type: 'string' },
    write: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});
const wanted = positionals.length > 0 ? positionals : Object.keys(FIGURES).filter((name) => !APART.includes(name));
const unknown = wanted.filter((name) => FIGURES[name] === undefined);
if (unknown.length > 0)
  throw new Error(`no such benchmark: ${unknown.join(', ')}; there are ${Object.keys(FIGURES).join(', ')}`);

/** The peers are no dependencies of the package: they are installed here, exactly as the lockfile says. */
function installPeers() {
  const lock = readFileSync(`${here}package-lock.json`, 'utf8');
  const mark = `${here}node_modules/.installed`;
  if (existsSync(mark) && readFileSync(mark, 'utf8') === lock) return;
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], {
    cwd: here,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('npm ci failed in spec/bench');
  writeFileSync(mark, lock);
}

if (wanted.some((name) => ['peers', 'flood', 'memory'].includes(name))) installPeers();
const say = (text) => console.log(`${new Date().toISOString().slice(11, 19)} ${text}`);
say(`Node ${process.version}, ${cpus().length} × ${cpus()[0].model}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB`);
if (!canPin) say('this machine cannot pin processes to cores (taskset, two cores): client and server may share one');

const results = {};
for (const name of wanted) {
  results[name] = await FIGURES[name]({
    runs: Number(values.runs ?? (name === 'check' ? 1 : 5)),
    minutes: Number(values.minutes),
    only: values.only?.split(','),
    against: values.against,
    write: values.write,
    say,
  });
  const { table, markdown, goals, problems } = results[name];
  console.log(`\n── ${name}`);
  if (markdown === undefined) console.table(table);
  else console.log(`\n${markdown}\n`);
  console.table(goals.map(([figure, goal, measured]) => ({ figure, goal, measured })));
  for (const problem of problems) console.log(`PROBLEM ${problem}`);
}
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(results, null, 1));
process.exitCode = Object.values(results).some(({ problems }) => problems.length > 0) ? 1 : 0;
