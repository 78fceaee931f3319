import { markdownTable } from '../lib/markdown.mjs';
import { versionOf } from '../lib/peers.mjs';
import { withContender } from '../lib/run.mjs';
import { seriesOf } from '../lib/series.mjs';
import { median, spread } from '../lib/statistics.mjs';

/** What a program with one feed takes of the machine's memory: RSS after a second of updates and two closes of each series. */
const SIZES = [100, 2700];
const CONTENDERS = [
  'bare', 'ws + JSON.parse', 'rx-candles', 'binance', 'tardis-dev', 'node-binance-api', 'ccxt', 'official',
]; // prettier-ignore
/** They name all topics in one address, and that of 2,700 is too long for any server. */
const MOST_SERIES = { 'node-binance-api': 100 };
const FRAMES = 20_000;
const MIB = 2 ** 20;

export async function rssOf(name, symbols) {
  const options = { series: seriesOf(symbols, ['1m']), symbols, silent: true };
  return withContender(name, options, async ({ client, measure }) => {
    await measure('paced', { frames: FRAMES, perSecond: FRAMES });
    await measure('burst');
    await measure('burst');
    return (await client.ask('rss')) / MIB;
  });
}

export async function memory({ runs, only = CONTENDERS, say }) {
  const pairs = only.flatMap((contender) =>
    SIZES.flatMap((size) => (size > (MOST_SERIES[contender] ?? Infinity) ? [] : [[contender, size]])),
  );
  const taken = new Map(pairs.map(([contender, size]) => [`${contender}, ${size}`, []]));
  for (let run = 0; run < runs; run++) {
    for (const [contender, size] of pairs) {
      const rss = await rssOf(contender, size);
      taken.get(`${contender}, ${size}`).push(rss);
      say(`run ${run + 1} ${contender}, ${size} series: ${rss.toFixed(1)} MiB`);
    }
  }
  return { ...reportOf(only, (contender, size) => taken.get(`${contender}, ${size}`) ?? []), problems: [] };
}

function reportOf(contenders, rssOfAll) {
  const table = contenders.map((contender) => ({
    'RSS, MiB': versionOf(contender),
    ...Object.fromEntries(SIZES.map((size) => [`${size} series`, textOf(rssOfAll(contender, size))])),
  }));
  const above = (size) => median(rssOfAll('rx-candles', size)) - median(rssOfAll('bare', size));
  const goals = SIZES.map((size, index) => [
    `RSS above bare ws, ${size} series, MiB`,
    index === 0 ? '≤ 15' : '',
    above(size).toFixed(1),
  ]);
  return { table, markdown: markdownTable(table), goals };
}

function textOf(values) {
  return values.length === 0 ? '–' : spread(values, 0);
}
