import { perFrame, withContender } from '../lib/run.mjs';
import { seriesOf } from '../lib/series.mjs';
import { median, spread } from '../lib/statistics.mjs';

const INTERVALS = ['1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h'];
const SIZES = [1000, 8000];
const FLOOD_FRAMES = 2_400_000;
const PACED_FRAMES = 100_000;
const PER_SECOND = 20_000;

async function frames(contender, size) {
  const symbols = size / INTERVALS.length;
  return withContender(contender, { series: seriesOf(symbols, INTERVALS), symbols }, async ({ measure }) => {
    await measure('flood', { frames: 480_000 });
    const flood = await measure('flood', { frames: FLOOD_FRAMES });
    await measure('paced', { frames: PER_SECOND, perSecond: PER_SECOND });
    const paced = await measure('paced', { frames: PACED_FRAMES, perSecond: PER_SECOND });
    return { flood, paced };
  });
}

async function heapPerSeries(size) {
  const symbols = size / INTERVALS.length;
  const options = { series: seriesOf(symbols, INTERVALS), symbols, silent: true, execArgv: ['--expose-gc'] };
  const one = await withContender('rx-candles', { ...options, first: 1 }, ({ client }) => client.ask('heap'));
  const all = await withContender('rx-candles', options, async ({ client, measure }) => {
    const fresh = await client.ask('heap');
    await measure('burst');
    await measure('burst');
    return { fresh, later: await client.ask('heap') };
  });
  return { fresh: (all.fresh - one) / (size - 1), later: (all.later - one) / (size - 1) };
}

export async function scale({ runs, say }) {
  const seen = { frames: {}, heap: {} };
  for (let run = 0; run < runs; run++) {
    for (const size of SIZES) {
      for (const contender of ['bare', 'rx-candles']) {
        (seen.frames[`${contender} ${size}`] ??= []).push(await frames(contender, size));
      }
      (seen.heap[size] ??= []).push(await heapPerSeries(size));
    }
    say(`run ${run + 1} of scale`);
  }
  return { table: tableOf(seen), goals: goalsOf(seen), problems: [] };
}

const figure = (seen, contender, size, kind) => seen.frames[`${contender} ${size}`].map((run) => perFrame(run[kind]));
const above = (seen, size, kind) =>
  figure(seen, 'rx-candles', size, kind).map((value, run) => value - figure(seen, 'bare', size, kind)[run]);

function tableOf(seen) {
  return SIZES.map((size) => ({
    series: size,
    sockets: Math.ceil(size / 200),
    'flood µs/frame': spread(figure(seen, 'rx-candles', size, 'flood')),
    'bare ws': spread(figure(seen, 'bare', size, 'flood')),
    above: spread(above(seen, size, 'flood')),
    'paced µs/frame': spread(figure(seen, 'rx-candles', size, 'paced'), 1),
    'bare ws, paced': spread(figure(seen, 'bare', size, 'paced'), 1),
    'heap KiB/series': spread(seen.heap[size].map(({ fresh }) => fresh / 1024)),
    'after two closes': spread(seen.heap[size].map(({ later }) => later / 1024)),
  }));
}

function goalsOf(seen) {
  const [small, large] = SIZES;
  const heapOf = (size) => median(seen.heap[size].map(({ later }) => later));
  return [
    [
      'CPU per frame above bare ws in a flood, µs, 1,000 and 8,000 series',
      'flat within 10 %',
      `${spread(above(seen, small, 'flood'), 3)}, ${spread(above(seen, large, 'flood'), 3)}`,
    ],
    ['heap per series, KiB, 8,000 series', '≤ 4', spread(seen.heap[large].map(({ later }) => later / 1024))],
    ['heap per series, 8,000 ÷ 1,000', 'flat within 10 %', (heapOf(large) / heapOf(small)).toFixed(2)],
  ];
}
