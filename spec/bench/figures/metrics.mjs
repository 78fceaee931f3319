import { median, ratios, spread } from '../lib/statistics.mjs';
import { withServers } from './flood.mjs';

/**
 * This library flooded with metrics off and on, in turn in one process. A round is eight turns of each, about a second of
 * work, in which a register of prom-client is read once; Prometheus reads it every 15 s to a minute.
 */
const WARM_UP_FRAMES = 1_200_000;
const TURN_FRAMES = 120_000;
const TURNS = 8;
const ROUNDS = 10;
const NAMES = ['rx-candles', 'rx-candles, scraped'];
const VENUES = ['binance-usdm', 'binance-spot'];

/** µs a frame, round by round, for each of them. Who comes first changes with each turn. */
async function once(venue) {
  return withServers(NAMES, { venue }, async (take) => {
    for (const index of NAMES.keys()) await take(index, { frames: WARM_UP_FRAMES });
    const taken = NAMES.map(() => []);
    for (let round = 0; round < ROUNDS; round++) {
      const sums = NAMES.map(() => 0);
      for (let turn = 0; turn < TURNS; turn++) {
        for (const index of turn % 2 === 0 ? [0, 1] : [1, 0])
          sums[index] += (await take(index, { frames: TURN_FRAMES, closes: true, scrape: turn === 0 })) / TURNS;
      }
      for (const index of NAMES.keys()) taken[index].push(sums[index]);
    }
    return taken;
  });
}

export async function metrics({ runs, say }) {
  const rows = VENUES.map((venue) => ({ venue, off: [], on: [], ratio: [] }));
  for (let run = 0; run < runs; run++) {
    for (const { venue, off, on, ratio } of rows) {
      const [without, scraped] = await once(venue);
      off.push(median(without));
      on.push(median(scraped));
      ratio.push(median(ratios(scraped, without, (value) => value)));
      say(`run ${run + 1} ${venue}: × ${ratio.at(-1).toFixed(3)}`);
    }
  }
  return {
    table: rows.map(({ venue, off, on, ratio }) => ({
      venue, 'off, µs/frame': spread(off, 3), 'on, µs/frame': spread(on, 3), 'on ÷ off': spread(ratio, 3),
    })), // prettier-ignore
    goals: rows.map(({ venue, ratio }) => [`flood, metrics on ÷ off, ${venue}`, '≤ 1.01', spread(ratio, 3)]),
    problems: [],
  };
}
