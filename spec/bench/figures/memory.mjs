import { withContender } from '../lib/run.mjs';
import { seriesOf } from '../lib/series.mjs';
import { median, spread } from '../lib/statistics.mjs';

/** What a program with one feed takes of the machine's memory: RSS after a second of updates and two closes of each series. */
const SIZES = [100, 2700];
const CONTENDERS = ['bare', 'ws + JSON.parse', 'rx-candles', 'binance'];
const FRAMES = 20_000;
const MIB = 2 ** 20;

async function rssOf(name, symbols) {
  const options = { series: seriesOf(symbols, ['1m']), symbols, silent: true };
  return withContender(name, options, async ({ client, measure }) => {
    await measure('paced', { frames: FRAMES, perSecond: FRAMES });
    await measure('burst');
    await measure('burst');
    return (await client.ask('rss')) / MIB;
  });
}

export async function memory({ runs, only = CONTENDERS, say }) {
  const rows = only.flatMap((contender) => SIZES.map((series) => ({ contender, series, rss: [] })));
  for (let run = 0; run < runs; run++) {
    for (const { contender, series, rss } of rows) {
      rss.push(await rssOf(contender, series));
      say(`run ${run + 1} ${contender}, ${series} series: ${rss.at(-1).toFixed(1)} MiB`);
    }
  }
  const of = (name, size) =>
    median(rows.find(({ contender, series }) => contender === name && series === size)?.rss ?? [Number.NaN]);
  return {
    table: rows.map(({ contender, series, rss }) => ({ contender, series, 'RSS, MiB': spread(rss, 1) })),
    goals: SIZES.map((size) => [
      `RSS above bare ws, ${size} series, MiB`,
      size === SIZES[0] ? '≤ 15' : '',
      (of('rx-candles', size) - of('bare', size)).toFixed(1),
    ]),
    problems: [],
  };
}
