import { withContender } from '../lib/run.mjs';
import { seriesOf } from '../lib/series.mjs';

const INTERVALS = ['1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h'];
const SYMBOLS = 125;
const PER_SECOND = 20_000;
const SLICE_S = 30;

/** Twenty thousand frames a second on five connections, the heap looked at every half minute. */
export async function soak({ minutes = 10, say }) {
  const options = { series: seriesOf(SYMBOLS, INTERVALS), symbols: SYMBOLS, execArgv: ['--expose-gc'] };
  return withContender('rx-candles', options, async ({ client, measure, server }) => {
    const slices = [];
    for (let slice = 0; slice < (minutes * 60) / SLICE_S; slice++) {
      const { closes, sentCloses, disordered, cpuUs, frames, delayUs } = await measure('paced', {
        frames: PER_SECOND * SLICE_S,
        perSecond: PER_SECOND,
      });
      const heap = await client.ask('heap');
      slices.push({ closes, sentCloses, disordered, cpuUs, frames, heap, p99: delayUs.p99, max: delayUs.max });
      say(
        `${(slice + 1) * SLICE_S} s: heap ${(heap / 2 ** 20).toFixed(2)} MiB, ${closes} of ${sentCloses} closes, p99 ${delayUs.p99} µs`,
      );
    }
    const { requests } = await server.ask('state');
    const status = await client.ask('status');
    return { table: tableOf(slices), goals: goalsOf(slices, requests, status), problems: [] };
  });
}

const mib = (bytes) => (bytes / 2 ** 20).toFixed(2);

function tableOf(slices) {
  return slices.map(({ heap, cpuUs, frames, p99, max }, index) => ({
    s: (index + 1) * SLICE_S,
    'heap after GC, MiB': mib(heap),
    'CPU µs/frame': (cpuUs / frames).toFixed(1),
    'delay p99 µs': p99,
    'longest µs': max,
  }));
}

function goalsOf(slices, requests, status) {
  const sum = (key) => slices.reduce((total, slice) => total + slice[key], 0);
  const half = slices.length >> 1;
  const mean = (part) => part.reduce((total, { heap }) => total + heap, 0) / part.length;
  const growth = mean(slices.slice(half)) / mean(slices.slice(0, half)) - 1;
  return [
    [
      'heap after GC, second half against the first',
      'flat',
      `${(100 * growth).toFixed(1)} % (${mib(slices[0].heap)} → ${mib(slices.at(-1).heap)} MiB)`,
    ],
    [
      'closes lost, out of order, told twice',
      '0, 0, 0',
      `${sum('sentCloses') - sum('closes')}, ${sum('disordered')}, ${status.duplicates}`,
    ],
    ['kline requests', '0', String(requests.klines ?? 0)],
  ];
}
