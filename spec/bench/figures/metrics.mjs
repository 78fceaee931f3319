import { median, ratios, spread } from '../lib/statistics.mjs';
import { withServers } from './flood.mjs';

/**
 * This library flooded with metrics off and on, in turn in one process; each turn takes about a second, in which a register
 * of prom-client is read once. Prometheus reads it every 15 s to a minute.
 */
const WARM_UP_FRAMES = 1_200_000;
const TURN_FRAMES = 1_200_000;
const TURNS = 15;
const NAMES = ['rx-candles', 'rx-candles, scraped'];
const VENUES = ['binance-usdm', 'binance-spot'];

/** µs a frame, turn by turn, for each of them. The order changes, so that none always comes second. */
async function once(venue) {
  return withServers(NAMES, { venue }, async (take) => {
    for (const index of NAMES.keys()) await take(index, { frames: WARM_UP_FRAMES });
    const taken = NAMES.map(() => []);
    for (let count = 0; count < TURNS; count++) {
      const order = [...NAMES.keys()];
      for (const index of count % 2 === 0 ? order : order.reverse())
        taken[index].push(await take(index, { frames: TURN_FRAMES, closes: true }));
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
