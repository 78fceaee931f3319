/** The runner behind `npm test`: every part in turn, whatever became of the one before, and one line of sums at the end. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const projectRoot = fileURLToPath(new URL('..', import.meta.url));
const reports = mkdtempSync(join(tmpdir(), 'rx-candles-test-'));
const STYLED = ['src', 'spec', 'docs/examples'];
/** No part takes a third of it; a machine that is busy with other work gets its time. */
const LONGEST_MS = 30 * 60_000;
/** How a spec that needs recordings says so: it names their folder, or the module that reads them. */
const USES_RECORDINGS = /shared\/data|\/recordings\.ts'/;
/** What shows the promise: a failure of these is a failure, however the next run ends. */
const FINAL = /^spec\/(promise|chaos|recordings|log\/chaos)\//;
/** More failures than these are no bad luck. */
const MOST_UNSTABLE = 3;
const REPORTERS = ['default', 'json', './spec/unhandled-errors.mjs'].map((name) => `--reporter=${name}`);
const OK = { passed: 1, failed: 0, skipped: 0 };
const NOT_OK = { passed: 0, failed: 1, skipped: 0 };

const tool = (program, ...args) => ({ program: join('node_modules', '.bin', program), args });
const vitest = (...args) => tool('vitest', 'run', '--config', 'spec/vitest.config.ts', ...args);
const eslint = tool('eslint', '--config', 'spec/eslint.config.js', ...STYLED);
const prettier = tool('prettier', '--check', ...STYLED);
const build = { program: 'npm', args: ['run', '--silent', 'build'] };
const useBuilt = ['package', 'published', 'bundle'].map((name) => ({
  program: process.execPath,
  args: [`spec/${name}-check.mjs`],
}));

/** The checks of the documents are specs too (spec/docs). */
const PARTS = [
  {
    name: 'types',
    run: () => all(tool('tsc', '--noEmit', '-p', '.'), tool('tsc', '--noEmit', '-p', 'src/chart/page')),
  },
  { name: 'lint', run: () => all(eslint, prettier) },
  { name: 'floors', run: () => all(tool('depcruise', '--config', 'spec/floors.config.cjs', 'src')) },
  { name: 'specs', run: specsTwice },
  { name: 'type specs', run: () => counted('types', '--typecheck.only') },
  { name: 'package', run: () => all(build, ...useBuilt) },
];

/** A program that does not end by itself has failed. */
function succeeds({ program, args }) {
  const { status, error } = spawnSync(program, args, { cwd: projectRoot, stdio: 'inherit', timeout: LONGEST_MS });
  if (error) console.error(`${program}: ${error.message}`);
  return status === 0;
}

function all(...commands) {
  return commands.map(succeeds).every(Boolean) ? OK : NOT_OK;
}

/** Runs vitest and counts its tests; a run that broke without naming a test counts as one failure. */
function counted(report, ...args) {
  const file = join(reports, `${report}.json`);
  process.env.UNHANDLED_ERRORS = join(reports, `${report}.unhandled`);
  const succeeded = succeeds(vitest(...args, ...REPORTERS, `--outputFile.json=${file}`));
  if (!existsSync(file)) return { ...NOT_OK, again: { files: [], passed: 0, hasUnhandled: true } };
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
    readFileSync(file, 'utf8'),
  );
  const failedSuites = testResults.filter((suite) => suite.status === 'failed');
  const broken = failedSuites.filter((suite) => !suite.assertionResults.some(isFailed));
  const failed = numFailedTests + broken.length;
  return {
    passed: numPassedTests,
    failed: succeeded ? failed : Math.max(1, failed),
    skipped: numPendingTests + numTodoTests,
    again: {
      files: failedSuites.map((suite) => relative(projectRoot, suite.name)),
      passed: failedSuites.flatMap((suite) => suite.assertionResults).filter(isPassed).length,
      hasUnhandled: existsSync(process.env.UNHANDLED_ERRORS),
    },
  };
}

const isFailed = (assertion) => assertion.status === 'failed';
const isPassed = (assertion) => assertion.status === 'passed';

/**
 * The specs; a few that failed beside others are run once more, alone, and those that then pass are named as unstable.
 * Real sockets, processes and browsers on a machine at its limit are given that; what shows the promise is not, nor is a
 * run in which something was thrown beside the specs, by whichever file.
 */
function specsTwice() {
  const first = counted('specs');
  const { files, passed, hasUnhandled } = first.again;
  const isFinal = hasUnhandled || files.some((file) => FINAL.test(file));
  if (isFinal || files.length === 0 || files.length > MOST_UNSTABLE) return first;
  console.log(`\nonce more, alone: ${files.join(' ')}`);
  const second = counted('specs-again', '--maxWorkers=1', ...files);
  if (second.failed > 0) return first;
  unstable.push(...files);
  return { ...first, passed: first.passed - passed + second.passed, failed: 0 };
}

function specs() {
  const files = readdirSync(join(projectRoot, 'spec'), { recursive: true });
  return files.filter((file) => file.endsWith('.spec.ts') && !file.includes('node_modules')).sort();
}

/** Specs on recordings of real sessions, which live beside the project and not in it. */
function tellOfRecordings() {
  const isAtHand = existsSync(join(projectRoot, '../shared/data'));
  const need = specs().filter((file) => USES_RECORDINGS.test(readFileSync(join(projectRoot, 'spec', file), 'utf8')));
  console.log(`recordings (../shared/data): ${isAtHand ? 'at hand' : 'NOT AT HAND, what needs them is SKIPPED'} in`);
  for (const file of need) console.log(`  spec/${file}`);
}

/** Specs that start a program of the system's. */
function tellOfPrograms() {
  const list = readFileSync(join(projectRoot, 'spec/debian-packages.txt'), 'utf8').split('\n');
  const names = list.map((line) => line.replace(/#.*/, '').trim()).filter((name) => name !== '');
  const folders = (process.env.PATH ?? '').split(delimiter);
  for (const name of names) {
    const isAtHand = folders.some((folder) => existsSync(join(folder, name)));
    console.log(`${name}: ${isAtHand ? 'at hand' : 'NOT AT HAND, what needs it is SKIPPED'}`);
  }
}

/** The specs against the exchange's test network are left out unless asked for; say so. */
function skippedLive() {
  const folder = join(projectRoot, 'spec', 'live');
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.spec.ts')) : [];
  if (process.env.RUN_LIVE === '1' || files.length === 0) return 0;
  console.log(`\nlive: SKIPPED (${files.length} files; RUN_LIVE=1 runs them against the exchange's test network)`);
  return files.length;
}

function runPart({ name, run }) {
  console.log(`\n── ${name}`);
  const started = process.hrtime.bigint();
  const sums = run();
  const seconds = (Number(process.hrtime.bigint() - started) / 1e9).toFixed(1);
  console.log(`${name}: ${sums.failed === 0 ? 'passed' : 'FAILED'} (${seconds} s)`);
  return { name, ...sums };
}

const unstable = [];
tellOfRecordings();
tellOfPrograms();
const results = PARTS.map(runPart);
const sum = (key) => results.reduce((total, part) => total + part[key], 0);
const skipped = sum('skipped') + skippedLive();
const failed = sum('failed');
rmSync(reports, { recursive: true, force: true });

console.log('\nparts');
for (const { name, passed, failed: lost, skipped: left } of results)
  console.log(`  ${name}: ${passed} passed, ${lost} failed${left > 0 ? `, ${left} skipped` : ''}`);
for (const file of unstable) console.log(`  UNSTABLE: ${file} failed beside the other specs and passed alone`);
console.log(`\n${sum('passed')} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed > 0 ? 1 : 0;
