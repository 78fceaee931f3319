import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CLIENT_CORE, SERVER_CORE, pause, startProcess } from '../lib/processes.mjs';
import { seriesOf } from '../lib/series.mjs';
import { median, ratios, spread } from '../lib/statistics.mjs';

/**
 * This library, a handler that counts, and others, in one process, flooded in turn for some 50 ms each: ratios that hold
 * on a machine that is busy with other work, where those of `peers`, minutes apart, do not.
 */
const SERIES = 100;
const WARM_UP_FRAMES = 1_200_000;
const TURN_FRAMES = 96_000;
/** Those that parse every frame need no more to be warm, and take ten times as long. */
const SLOW_WARM_UP_FRAMES = 120_000;
const SLOW_TURN_FRAMES = 12_000;
const TURNS = 21;
const OURS = 'rx-candles';
const QUICK = ['bare', OURS];
/** Who else speaks with a market; `ccxt` loses closes in a flood, which these turns count. */
const OTHERS = {
  'binance-usdm': ['ws + JSON.parse', 'binance'],
  'binance-coinm': ['ws + JSON.parse'],
  'binance-spot': ['ws + JSON.parse'],
  okx: ['ws + JSON.parse', 'okx-api'],
  'bybit-linear': ['ws + JSON.parse', 'bybit-api'],
  'bybit-inverse': ['ws + JSON.parse', 'bybit-api'],
  'bybit-spot': ['ws + JSON.parse', 'bybit-api'],
  'gate-spot': ['ws + JSON.parse'],
};
const MARKETS = Object.keys(OTHERS);
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
  const hosts = await server.ask('listen', { symbols: SERIES, venue });
  const target = { ...hosts, series: seriesOf(SERIES, ['1m'], venue) };
  const contender = name === against ? OURS : name;
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
async function once(names, { venue, against, closes }) {
  const isSlow = (name) => !QUICK.includes(name) && name !== against;
  return withServers(names, { venue, against }, async (take) => {
    for (const [index, name] of names.entries()) {
      await take(index, { frames: isSlow(name) ? SLOW_WARM_UP_FRAMES : WARM_UP_FRAMES });
    }
    const taken = names.map(() => []);
    for (let count = 0; count < TURNS; count++) {
      for (const [index, name] of names.entries()) {
        taken[index].push(await take(index, { frames: isSlow(name) ? SLOW_TURN_FRAMES : TURN_FRAMES, closes }));
      }
    }
    return taken.map((turns) => ({ each: median(turns), ratio: median(ratios(turns, taken[0], (value) => value)) }));
  });
}

function contendersOf({ venue, closes, others, against }) {
  return [...QUICK, ...(closes && others ? OTHERS[venue] : []), ...(against === undefined ? [] : [against])];
}

/** Each market and kind once. */
export async function floodOnce({ markets = MARKETS, others = true, against, say }) {
  const rows = [];
  for (const venue of markets) {
    for (const [kind, closes] of Object.entries(KINDS)) {
      const names = contendersOf({ venue, closes, others, against });
      const figures = await once(names, { venue, against, closes });
      rows.push(...names.map((contender, index) => ({ venue, kind, contender, ...figures[index] })));
      say(
        `${venue}, ${kind}: ${names.map((name, index) => `${name} × ${figures[index].ratio.toFixed(2)}`).join(', ')}`,
      );
    }
  }
  return rows;
}

export async function flood({ runs, only, against, say }) {
  const seen = [];
  for (let run = 0; run < runs; run++) seen.push(await floodOnce({ markets: only, against, say }));
  const table = seen[0].map(({ venue, kind, contender }, row) => ({
    venue,
    kind,
    contender,
    'µs/frame': spread(seen.map((rows) => rows[row].each)),
    '× bare': spread(seen.map((rows) => rows[row].ratio)),
  }));
  return { seen, table, goals: goalsOf(seen), problems: [] };
}

function goalsOf(seen) {
  return seen[0].flatMap(({ venue, kind, contender }) => {
    const ratiosOf = (name) =>
      seen.map((rows) => rows.find((one) => one.venue === venue && one.kind === kind && one.contender === name).ratio);
    const ours = ratiosOf(OURS);
    if (contender === OURS) return [[`flood ÷ bare ws, ${venue}, ${kind}`, '≤ 1.2', spread(ours)]];
    if (QUICK.includes(contender) || contender.startsWith('ws') || !OTHERS[venue].includes(contender)) return [];
    const shares = ratiosOf(contender).map((theirs, run) => ours[run] / theirs);
    return [[`flood ÷ ${contender}, ${venue}`, '≤ 0.167', spread(shares, 3)]];
  });
}
