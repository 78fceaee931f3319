import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withContender } from '../lib/run.mjs';
import { seriesOf } from '../lib/series.mjs';
import { median, spread } from '../lib/statistics.mjs';

/**
 * All series close at once, again and again, in a process for each run; with `--against`, another build in turn. V8 goes on
 * compiling through the first two bursts; later ones are as every minute of a program that goes on.
 *
 * With `nice`, not in real time: there V8's compiler, on the one core of the client, waits until the bursts are over.
 */
const INTERVALS = ['1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h'];
const SERIES = 8000;
const BURSTS = 8;
const PARTS = { first: (all) => all[0], second: (all) => all[1], 'third and later': (all) => median(all.slice(2)) };

export async function burst({ runs, against, say }) {
  const builds = [{ name: 'rx-candles' }];
  if (against !== undefined) builds.push({ name: against, dist: pathToFileURL(resolve(against)).href });
  const seen = builds.map(() => []);
  for (let run = 0; run < runs; run++) {
    for (const [index, { name, dist }] of builds.entries()) {
      const measured = await bursts(dist);
      seen[index].push(measured);
      say(`run ${run + 1} ${name}: ${measured.map(perClose).map((us) => us.toFixed(1))}`);
    }
  }
  return { table: builds.map(({ name }, index) => rowOf(name, seen[index])), goals: goalsOf(seen[0]), problems: problemsOf(seen.flat(2)) }; // prettier-ignore
}

async function bursts(dist) {
  const symbols = SERIES / INTERVALS.length;
  return withContender('rx-candles', { series: seriesOf(symbols, INTERVALS), symbols, dist }, async ({ measure }) => {
    const all = [];
    for (let count = 0; count < BURSTS; count++) all.push(await measure('burst'));
    return all;
  });
}

const perClose = ({ cpuUs, sentCloses }) => cpuUs / sentCloses;
const figure = (runs, part) => runs.map((all) => PARTS[part](all.map(perClose)));

function rowOf(build, runs) {
  const figures = Object.keys(PARTS).map((part) => [`${part}, µs a close`, spread(figure(runs, part), 1)]);
  return { build, ...Object.fromEntries(figures) };
}

function goalsOf(runs) {
  return Object.keys(PARTS).map((part) => [
    `burst of 8,000 closes, µs of CPU each: ${part}`,
    '≤ 15',
    spread(figure(runs, part), 1),
  ]);
}

function problemsOf(all) {
  return all.flatMap(({ closes, sentCloses, disordered }) => [
    ...(closes === sentCloses ? [] : [`burst: ${closes} of ${sentCloses} closes`]),
    ...(disordered === 0 ? [] : [`burst: ${disordered} closes out of order`]),
  ]);
}
