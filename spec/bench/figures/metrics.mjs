import { bootstrap, interval, median } from '../lib/statistics.mjs';
import { withServers } from './flood.mjs';

/**
 * This library flooded over the same sockets with metrics off and on, in windows of some 15 ms, one after the other in one
 * process: nothing but the metrics differs between two windows. `on` is registered with prom-client, and compared with two
 * windows without; those two, compared with each other, show what the machine alone makes of equal windows. Reading the register, which
 * Prometheus does every 15 s to a minute, is measured by itself.
 */
const NAME = 'rx-candles, metered';
const WARM_UP_FRAMES = 1_200_000;
const WINDOW_FRAMES = 40_000;
const STATES = ['off', 'on', 'off again'];
/** Each state comes first, second and third as often as any other. */
const ORDERS = [[0, 1, 2], [2, 1, 0], [1, 2, 0], [0, 2, 1], [2, 0, 1], [1, 0, 2]]; // prettier-ignore
const ROUNDS = 600;
const READINGS = 40;
const READ_EVERY_US = 15e6;
const VENUES = ['binance-usdm', 'binance-spot'];

/** µs a frame of each state, round by round; µs a reading. */
async function once(venue) {
  return withServers([NAME], { venue, execArgv: ['--expose-gc'] }, async (take, client) => {
    const window = (metered, frames = WINDOW_FRAMES) => take(0, { frames, closes: true, metered });
    for (const metered of [true, false]) await window(metered, WARM_UP_FRAMES);
    const taken = STATES.map(() => []);
    for (let round = 0; round < ROUNDS; round++)
      for (const state of ORDERS[round % ORDERS.length]) taken[state].push(await window(STATES[state] === 'on'));
    const readings = [];
    for (let reading = 0; reading < READINGS; reading++) {
      await window(false, WINDOW_FRAMES / 4);
      readings.push(await client.ask('read', { name: NAME }));
    }
    return { taken, readings };
  });
}

const over = (values, base) => values.map((value, index) => value / base[index]);

export async function metrics({ runs, only = VENUES, say }) {
  const rows = only.map((venue) => ({ venue, off: [], ratio: [], control: [], readings: [] }));
  for (let run = 0; run < runs; run++) {
    for (const row of rows) {
      const { taken, readings } = await once(row.venue);
      const [off, on, again] = taken;
      row.off.push(...off);
      const base = off.map((value, round) => (value + again[round]) / 2);
      row.ratio.push(...over(on, base));
      row.control.push(...over(again, off));
      row.readings.push(...readings);
      say(`run ${run + 1} ${row.venue}: on ÷ off ${interval(over(on, base))}, off ÷ off ${interval(over(again, off))}`);
    }
  }
  return {
    table: rows.map(({ venue, off, ratio, control, readings }) => ({
      venue,
      'off, µs/frame': median(off).toFixed(3),
      'off ÷ off': interval(control),
      'on ÷ off': interval(ratio),
      'a reading, ms': (median(readings) / 1000).toFixed(2),
      'of a core, every 15 s': `${((median(readings) / READ_EVERY_US) * 100).toFixed(4)} %`,
    })),
    goals: rows.map(({ venue, ratio }) => [`flood, metrics on ÷ off, ${venue}`, '≤ 1.01', interval(ratio)]),
    problems: rows.flatMap(({ venue, ratio }) =>
      bootstrap(ratio).low > 1.01 ? [`${venue}: metrics cost more than 1 % of a flood`] : [],
    ),
  };
}
