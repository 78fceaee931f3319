import { readFileSync, writeFileSync } from 'node:fs';
import { floodOnce } from './flood.mjs';

/**
 * Floods of each market, divided by those of a bare `ws` handler in the same process: the slowest of the runs when they
 * were last written.
 */
const COMMITTED = new URL('../committed-ratios.json', import.meta.url);
/** Two runs on a busy machine differ by as much. */
const TOLERANCE = 1.25;

/**
 * What got slower: ratios, which hold on another machine and on a busy one, where times do not. One that is worse is
 * measured once more before it is called so.
 */
export async function check({ runs, only, write, say }) {
  const committed = JSON.parse(readFileSync(COMMITTED, 'utf8'));
  const measured = await ratios({ runs, only, say });
  const suspects = Object.keys(measured).filter((figure) => isWorse(measured[figure], committed[figure]));
  if (suspects.length > 0 && !write) Object.assign(measured, await again(suspects, { runs, say }));
  if (write) writeFileSync(COMMITTED, `${JSON.stringify({ ...committed, ...measured }, null, 2)}\n`);
  const rows = Object.entries(measured).map(([figure, ratio]) => ({
    figure,
    committed: committed[figure] ?? 'none',
    measured: ratio,
    verdict: verdictOn(ratio, committed[figure]),
  }));
  const worse = rows.filter(({ verdict }) => verdict === 'worse');
  return {
    table: rows,
    goals: [],
    problems: write ? [] : worse.map(({ figure, ...row }) => `${figure}: ${row.measured} against ${row.committed}`),
  };
}

const isWorse = (ratio, committed = Infinity) => ratio > committed * TOLERANCE;

function verdictOn(ratio, committed) {
  if (committed === undefined) return 'new';
  if (isWorse(ratio, committed)) return 'worse';
  return isWorse(committed, ratio) ? 'better' : 'as ever';
}

async function again(figures, { runs, say }) {
  say(`once more: ${figures.join('; ')}`);
  const markets = [...new Set(figures.map((figure) => figure.split(',')[0]))];
  const second = await ratios({ runs, only: markets, say });
  return Object.fromEntries(figures.map((figure) => [figure, second[figure]]));
}

async function ratios({ runs, only, say }) {
  const seen = [];
  for (let run = 0; run < runs; run++) seen.push(await floodOnce({ markets: only, others: false, say }));
  const rows = seen[0].flatMap(({ venue, kind, contender }, row) =>
    contender === 'rx-candles' ? [[`${venue}, ${kind}`, Math.max(...seen.map((all) => all[row].ratio))]] : [],
  );
  return Object.fromEntries(rows.map(([figure, ratio]) => [figure, Number(ratio.toFixed(2))]));
}
