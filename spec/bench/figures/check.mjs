import { readFileSync, writeFileSync } from 'node:fs';
import { compare, lowest, rangeOf, sentenceOf } from '../lib/compare.mjs';
import { median, ratios } from '../lib/statistics.mjs';
import { floodOnce } from './flood.mjs';
import { rssOf } from './memory.mjs';
import { importTimes } from './start-up.mjs';

/** What was measured when it was last written: ratios, which hold on another machine and on a busy one. */
const COMMITTED = new URL('../committed-ratios.json', import.meta.url);
/** One that looks worse is measured so many times more before it is called so. */
const MORE_LOOKS = 2;
const TURNS = 11;
const IMPORTS = 10;
const IMPORT = 'import, CPU ÷ that of ws and rxjs';
const MEMORY = '100 series, RSS ÷ that of a bare ws handler';

/** What got slower or larger since the ratios were committed: two minutes, and a third of that for each look more. */
export async function check({ runs, only, write, say }) {
  const committed = JSON.parse(readFileSync(COMMITTED, 'utf8'));
  if (write) return written(committed, { runs, only, say });
  let measured = await look({ only, say });
  for (let more = 0; more < MORE_LOOKS && worseOf(committed, measured).length > 0; more++) {
    const suspects = worseOf(committed, measured).map(({ figure }) => figure);
    say(`once more: ${suspects.join('; ')}`);
    measured = lowest(measured, await look({ only: partsOf(suspects), say }));
  }
  const rows = compare(committed, measured).filter(({ verdict }) => only === undefined || verdict !== 'not measured');
  const problems = rows.filter(({ verdict }) => ['worse', 'not measured'].includes(verdict));
  return {
    table: rows.map(({ figure, committed: was, measured: is, verdict }) => ({
      figure,
      committed: was === undefined ? 'none' : `${was.median} (${was.least}–${was.most})`,
      measured: is,
      verdict,
    })),
    goals: [],
    problems: problems.map((one) =>
      one.verdict === 'worse' ? `worse: ${sentenceOf(one)}` : `not measured: ${one.figure}`,
    ),
  };
}

const worseOf = (committed, measured) => compare(committed, measured).filter(({ verdict }) => verdict === 'worse');

/** Of what has to be measured for a figure: a market, `import` or `memory`. */
const partsOf = (figures) => [...new Set(figures.map((figure) => NAMED[figure] ?? figure.split(', ')[1]))];
const NAMED = { [IMPORT]: 'import', [MEMORY]: 'memory' };

async function written(committed, { runs, only, say }) {
  const looks = [];
  for (let run = 0; run < runs; run++) looks.push(await look({ only, say }));
  const ranges = Object.keys(looks[0]).map((figure) => [figure, rangeOf(looks.map((one) => one[figure]))]);
  const all = { ...committed, ...Object.fromEntries(ranges) };
  writeFileSync(COMMITTED, `${JSON.stringify(all, null, 2)}\n`);
  return { table: ranges.map(([figure, range]) => ({ figure, ...range })), goals: [], problems: [] };
}

/** Everything once: figure by figure, to two places. */
async function look({ only, say }) {
  const isWanted = (part) => only === undefined || only.includes(part);
  const markets = only?.filter((part) => !['import', 'memory'].includes(part));
  const floods = markets?.length === 0 ? [] : await floodOnce({ markets, others: false, turns: TURNS, say });
  const figures = [
    ...floods.flatMap(({ venue, kind, contender, ratio }) =>
      contender === 'rx-candles' ? [[`flood, ${venue}, ${kind}`, ratio]] : [],
    ),
    ...(isWanted('import') ? [[IMPORT, importRatio()]] : []),
    ...(isWanted('memory') ? [[MEMORY, await memoryRatio()]] : []),
  ];
  return Object.fromEntries(figures.map(([figure, ratio]) => [figure, Number(ratio.toFixed(2))]));
}

function importRatio() {
  const { ours, floor } = importTimes(IMPORTS);
  return median(ratios(ours, floor, (value) => value));
}

async function memoryRatio() {
  const bare = await rssOf('bare', 100);
  return (await rssOf('rx-candles', 100)) / bare;
}
