import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CLIENT_CORE, SERVER_CORE, pause, startProcess } from '../lib/processes.mjs';
import { seriesOf } from '../lib/series.mjs';
import { median, ratios, spread } from '../lib/statistics.mjs';

/**
 * This library and a handler that counts, in one process, flooded in turn for some 70 ms each: a ratio that holds on a
 * machine that is busy with other work, where those of `peers`, minutes apart, do not.
 */
const SERIES = 100;
const WARM_UP_FRAMES = 1_200_000;
const TURN_FRAMES = 120_000;
const TURNS = 40;
const VENUES = ['binance-usdm', 'binance-spot'];
/** With one close in 240 frames, as on the market, and with running candles alone. */
const KINDS = { 'one close in 240': true, 'running candles alone': false };

export async function withServers(names, { venue, against }, use) {
  const client = startProcess('client/turns.mjs', { core: CLIENT_CORE });
  const servers = names.map(() => startProcess('server/load-server.mjs', { core: SERVER_CORE }));
  try {
    for (const [index, name] of names.entries()) await subscribe(client, servers[index], { name, venue, against });
    return await use((index, options) => turn(client, servers[index], { ...options, name: names[index] }));
  } finally {
    for (const process of [client, ...servers]) await process.stop();
  }
}

async function subscribe(client, server, { name, venue, against }) {
  const { port } = await server.ask('listen', { symbols: SERIES, venue });
  const target = { ws: `ws://127.0.0.1:${port}`, rest: `http://127.0.0.1:${port}`, series: seriesOf(SERIES, ['1m']) };
  const contender = name === against ? 'rx-candles' : name;
  const dist = name === against ? pathToFileURL(resolve(against)).href : undefined;
  await client.ask('start', { name, contender, venue, dist, ...target });
  for (let topics = 0; topics < SERIES; { topics } = await server.ask('state')) await pause(50);
  await pause(500);
}

async function turn(client, server, { name, scrape = false, ...options }) {
  await client.ask('begin', { name, scrape });
  const { frames, closes } = await server.ask('flood', options);
  return (await client.ask('end', { name, frames, closes })) / frames;
}

/** The median of many turns for each contender, one after the other, µs a frame; and of their ratios to the first. */
async function once(names, options, closes) {
  return withServers(names, options, async (take) => {
    for (const index of names.keys()) await take(index, { frames: WARM_UP_FRAMES });
    const taken = names.map(() => []);
    for (let count = 0; count < TURNS; count++) {
      for (const index of names.keys()) taken[index].push(await take(index, { frames: TURN_FRAMES, closes }));
    }
    return taken.map((turns) => ({ each: median(turns), ratio: median(ratios(turns, taken[0], (value) => value)) }));
  });
}

export async function flood({ runs, against, say }) {
  const names = ['bare', 'rx-candles', ...(against === undefined ? [] : [against])];
  const rows = VENUES.flatMap((venue) => Object.keys(KINDS).map((kind) => ({ venue, kind, seen: [] })));
  for (let run = 0; run < runs; run++) {
    for (const { venue, kind, seen } of rows) {
      seen.push(await once(names, { venue, against }, KINDS[kind]));
      say(`run ${run + 1} ${venue}, ${kind}: × ${seen.at(-1)[1].ratio.toFixed(2)}`);
    }
  }
  const ratioOf = (seen, index) => spread(seen.map((all) => all[index].ratio));
  return {
    table: rows.flatMap(
      ({ venue, kind, seen }) =>
      names.map((contender, index) => ({
        venue, kind, contender, 'µs/frame': spread(seen.map((all) => all[index].each)), '× bare': ratioOf(seen, index),
      })), // prettier-ignore
    ),
    goals: rows.map(({ venue, kind, seen }) => [`flood ÷ bare ws, ${venue}, ${kind}`, '≤ 1.3', ratioOf(seen, 1)]),
    problems: [],
  };
}
