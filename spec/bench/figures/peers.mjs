import { markdownTable } from '../lib/markdown.mjs';
import { versionOf } from '../lib/peers.mjs';
import { perFrame, throughput, withContender } from '../lib/run.mjs';
import { FRAMES_PER_CLOSE, seriesOf } from '../lib/series.mjs';
import { median, ratios, spread } from '../lib/statistics.mjs';

const OURS = 'rx-candles';
const PEERS = ['binance', 'ccxt', 'official', 'node-binance-api', 'tardis-dev'];
const FLOORS = ['bare', 'bare, our options', 'ws + flag search', 'ws + JSON.parse'];
/** The peers are on USDⓈ-M, the default venue; what they would do with the compact frames of spot is the same. */
const ON_SPOT = ' (spot)';
const BOTH = ['bare', 'ws + flag search', 'ws + JSON.parse', OURS];
export const ALL = [...FLOORS, OURS, ...BOTH.map((name) => name + ON_SPOT), ...PEERS];

const marketOf = (name) => (name.endsWith(ON_SPOT) ? ON_SPOT : '');

const SERIES = 100;
const PER_SECOND = 20_000;
/** 5,000 closes: until then a good part of the time goes into compiling what a close runs through. */
const WARM_UP_FRAMES = 1_200_000;
/** A measured flood takes about so much CPU, µs. */
const FLOOD_CPU_US = 2_000_000;
const MOST_FLOOD_FRAMES = 4_000_000;
/** 1,250 closes: with fewer, one stall of the machine makes the 99th percentile. */
const PACED_FRAMES = 15 * PER_SECOND;

/** Flood, then pace, in one process per contender and run. */
async function once(name) {
  const venue = name.endsWith(ON_SPOT) ? 'binance-spot' : 'binance-usdm';
  return withContender(
    name.replace(ON_SPOT, ''),
    { series: seriesOf(SERIES, ['1m'], venue), symbols: SERIES, venue },
    async ({ measure, server }) => {
      const warm = await measure('flood', { frames: WARM_UP_FRAMES });
      const frames = Math.min(
        MOST_FLOOD_FRAMES,
        Math.round(FLOOD_CPU_US / perFrame(warm) / FRAMES_PER_CLOSE) * FRAMES_PER_CLOSE,
      );
      const flood = await measure('flood', { frames });
      await measure('paced', { frames: PER_SECOND, perSecond: PER_SECOND });
      const paced = await measure('paced', { frames: PACED_FRAMES, perSecond: PER_SECOND });
      const { requests } = await server.ask('state');
      return { flood, paced, requests };
    },
  );
}

/** Contenders take turns, and each run begins with another, so that a slow minute of the machine hits all alike. */
export async function peers({ runs, only = ALL, say }) {
  const results = Object.fromEntries(only.map((name) => [name, []]));
  for (let run = 0; run < runs; run++) {
    for (let turn = 0; turn < only.length; turn++) {
      const name = only[(turn + run) % only.length];
      const result = await once(name);
      results[name].push(result);
      say(
        `run ${run + 1} ${name}: flood ${perFrame(result.flood).toFixed(2)} µs, paced ${perFrame(result.paced).toFixed(1)} µs`,
      );
    }
  }
  const ours = [OURS, OURS + ON_SPOT].flatMap((name) => results[name] ?? []);
  const table = tableOf(results);
  return { results, table, markdown: markdownTable(table), goals: goalsOf(results), problems: problemsOf(ours) };
}

function tableOf(results) {
  return Object.entries(results).map(([name, runs]) => {
    const bare = results[`bare${marketOf(name)}`] ?? [];
    const floods = runs.map(({ flood }) => perFrame(flood));
    const paced = runs.map(({ paced: one }) => perFrame(one));
    const delays = runs.flatMap(({ paced: { delayUs } }) => (delayUs === null ? [] : [delayUs]));
    return {
      '': nameOf(name),
      'flood µs/frame': spread(floods),
      'flood × bare `ws`': shareOf(runs, bare, ({ flood }) => perFrame(flood)),
      'paced µs/frame': spread(paced, 1),
      'paced × bare `ws`': shareOf(runs, bare, ({ paced: one }) => perFrame(one)),
      'delay of a close, paced, p50 µs': delayOf(delays, 'p50'),
      'p99 µs': delayOf(delays, 'p99'),
    };
  });
}

const nameOf = (name) => versionOf(name.replace(ON_SPOT, '')) + marketOf(name);

/** Nothing of the bare handlers themselves, nor where they did not run. */
function shareOf(runs, bare, figure) {
  if (bare.length === 0) return '';
  return runs === bare ? '1.00' : spread(ratios(runs, bare, figure));
}

function delayOf(delays, share) {
  return delays.length === 0 ? '' : spread(delays.map((delay) => delay[share]), 0); // prettier-ignore
}

function goalsOf(results) {
  const ours = results[OURS];
  const { bare } = results;
  const [spot, bareOnSpot] = [results[OURS + ON_SPOT], results[`bare${ON_SPOT}`]];
  if (ours === undefined || bare === undefined) return [];
  const others = PEERS.filter((name) => results[name] !== undefined);
  const best = (figure) =>
    others.length === 0 ? NaN : Math.min(...others.map((name) => median(results[name].map(figure))));
  const floodOf = ({ flood }) => perFrame(flood);
  const pacedOf = ({ paced }) => perFrame(paced);
  const p99Of = ({ paced }) => paced.delayUs?.p99 ?? Infinity;
  return [
    ['CPU per frame in a flood ÷ bare ws', '≤ 1.2', spread(ratios(ours, bare, floodOf))],
    ...(spot === undefined ? [] : [['the same on spot', '≤ 1.2', spread(ratios(spot, bareOnSpot, floodOf))]]),
    ['CPU per frame paced ÷ bare ws', '≤ 1.03', spread(ratios(ours, bare, pacedOf))],
    [
      "CPU per frame paced, µs, and the best peer's",
      'below',
      `${spread(ours.map(pacedOf), 1)}, ${best(pacedOf).toFixed(1)}`,
    ],
    [
      "flood CPU per frame ÷ the best peer's",
      '≤ 0.167',
      spread(
        ours.map((run) => floodOf(run) / best(floodOf)),
        3,
      ),
    ],
    ['flood throughput ÷ bare ws', '≥ 0.75', spread(ratios(ours, bare, ({ flood }) => throughput(flood)))],
    [
      "delay of a close, paced, p99 µs, and the best peer's",
      '≤ 1000, not above',
      `${spread(ours.map(p99Of), 0)}, ${best(p99Of).toFixed(0)}`,
    ],
  ];
}

/** The promise was on: nothing lost, nothing out of turn, nothing fetched. */
function problemsOf(runs) {
  return runs.flatMap(({ flood, paced, requests }) => [
    ...[flood, paced]
      .filter(({ closes, sentCloses }) => closes !== sentCloses)
      .map(({ closes, sentCloses }) => `${closes} of ${sentCloses} closes`),
    ...[flood, paced]
      .filter(({ disordered }) => disordered > 0)
      .map(({ disordered }) => `${disordered} closes out of order`),
    ...(requests.klines > 0 ? [`${requests.klines} klines requests`] : []),
  ]);
}
