import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { markdownTable } from '../lib/markdown.mjs';
import { versionOf } from '../lib/peers.mjs';
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
const PARSING = 'ws + JSON.parse';
const QUICK = ['bare', OURS];
/** Each market, and whose client speaks with it; `ccxt` loses closes in a flood, which these turns count. */
const CLIENTS = {
  'binance-usdm': 'binance',
  'binance-coinm': undefined,
  'binance-spot': undefined,
  'okx': 'okx-api',
  'bybit-linear': 'bybit-api',
  'bybit-inverse': 'bybit-api',
  'bybit-spot': 'bybit-api',
  'gate-spot': undefined,
}; // prettier-ignore
const MARKETS = Object.keys(CLIENTS);
const TITLES = {
  'binance-usdm': 'USDⓈ-M',
  'binance-coinm': 'COIN-M',
  'binance-spot': 'spot',
  'okx': 'OKX',
  'bybit-linear': 'Bybit linear',
  'bybit-inverse': 'Bybit inverse, unverified spelling',
  'bybit-spot': 'Bybit spot',
  'gate-spot': 'Gate, unverified spelling',
}; // prettier-ignore
/** With one close in 240 frames, as on the market, and with running candles alone. */
const KINDS = { 'one close in 240': true, 'running candles alone': false };
const [WITH_CLOSES, ALONE] = Object.keys(KINDS);

export async function withServers(names, { venue, against, execArgv = [] }, use) {
  const client = startProcess('client/turns.mjs', { core: CLIENT_CORE, execArgv });
  const servers = names.map(() => startProcess('server/load-server.mjs', { core: SERVER_CORE }));
  try {
    for (const [index, name] of names.entries()) await subscribe(client, servers[index], { name, venue, against });
    const take = (index, options) => turn(client, servers[index], { ...options, name: names[index] });
    return await use(take, client);
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

async function turn(client, server, { name, metered = false, ...options }) {
  await client.ask('begin', { name, metered });
  const { frames, closes } = await server.ask('flood', options);
  return (await client.ask('end', { name, frames, closes })) / frames;
}

/** One market once, each kind of flood in turn: what each contender takes, µs a frame, and that divided by a bare handler. */
async function marketOnce(venue, { others, against, turns }) {
  const added = against === undefined ? [] : [against];
  const names = [...QUICK, ...added, ...(others ? othersOf(venue) : [])];
  const isSlow = (name) => !QUICK.includes(name) && name !== against;
  return withServers(names, { venue, against }, async (take) => {
    for (const [index, name] of names.entries()) {
      await take(index, { frames: isSlow(name) ? SLOW_WARM_UP_FRAMES : WARM_UP_FRAMES });
    }
    const rows = [];
    for (const [kind, closes] of Object.entries(KINDS)) {
      // What parses every frame takes as long for a running candle as for a close.
      const taking = names.filter((name) => closes || !isSlow(name));
      const taken = taking.map(() => []);
      for (let count = 0; count < turns; count++) {
        for (const [index, name] of taking.entries()) {
          const frames = isSlow(name) ? SLOW_TURN_FRAMES : TURN_FRAMES;
          taken[index].push(await take(names.indexOf(name), { frames, closes }));
        }
      }
      rows.push(
        ...taking.map((contender, index) => ({ venue, kind, contender, ...figuresOf(taken[index], taken[0]) })),
      );
    }
    return rows;
  });
}

function othersOf(venue) {
  const client = CLIENTS[venue];
  return client === undefined ? [PARSING] : [PARSING, client];
}

function figuresOf(turns, bare) {
  return { each: median(turns), ratio: median(ratios(turns, bare, (value) => value)) };
}

/** Each market once. */
export async function floodOnce({ markets = MARKETS, others = true, against, turns = TURNS, say }) {
  const rows = [];
  for (const venue of markets) {
    const figures = await marketOnce(venue, { others, against, turns });
    rows.push(...figures);
    for (const kind of Object.keys(KINDS)) {
      const ofKind = figures.filter((row) => row.kind === kind);
      say(
        `${venue}, ${kind}: ${ofKind.map(({ contender, ratio }) => `${contender} × ${ratio.toFixed(2)}`).join(', ')}`,
      );
    }
  }
  return rows;
}

export async function flood({ runs, only: markets = MARKETS, against, say }) {
  const seen = [];
  for (let run = 0; run < runs; run++) seen.push(await floodOnce({ markets, against, say }));
  const of = (venue, kind, contender, figure = 'ratio') =>
    seen.flatMap((rows) => rows.filter((row) => row.venue === venue && row.kind === kind && row.contender === contender).map((row) => row[figure])); // prettier-ignore
  const table = markets.map((venue) => rowOf(venue, of, against));
  const goals = markets.flatMap((venue) => goalsOf(venue, of));
  return { seen, table, markdown: markdownTable(table), goals, problems: [] };
}

/** `0.091 (0.090–0.092)`: ours in each run divided by theirs. */
function sharesOf(venue, of, contender) {
  return ratios(of(venue, WITH_CLOSES, OURS), of(venue, WITH_CLOSES, contender), (value) => value);
}

function rowOf(venue, of, against) {
  const client = CLIENTS[venue];
  const other = against === undefined ? {} : { [against]: spread(of(venue, WITH_CLOSES, against)) };
  return {
    '× bare `ws`': TITLES[venue],
    'rx-candles, running candles alone': spread(of(venue, ALONE, OURS)),
    'rx-candles': spread(of(venue, WITH_CLOSES, OURS)),
    ...other,
    '`ws` and `JSON.parse`': spread(of(venue, WITH_CLOSES, PARSING)),
    "the market's client":
      client === undefined ? '' : `${versionOf(client)}: ${spread(of(venue, WITH_CLOSES, client))}`,
    'rx-candles ÷ that client': client === undefined ? '' : spread(sharesOf(venue, of, client), 3),
  };
}

function goalsOf(venue, of) {
  const client = CLIENTS[venue];
  return [
    [`flood ÷ bare ws, ${venue}`, '≤ 1.2', spread(of(venue, WITH_CLOSES, OURS))],
    [`the same, running candles alone`, '≤ 0.6', spread(of(venue, ALONE, OURS))],
    [`µs a frame, bare ws and rx-candles`, '', `${spread(of(venue, WITH_CLOSES, 'bare', 'each'))}, ${spread(of(venue, WITH_CLOSES, OURS, 'each'))}`],
    ...(client === undefined ? [] : [[`flood ÷ ${client}`, '≤ 0.167', spread(sharesOf(venue, of, client), 3)]]),
  ]; // prettier-ignore
}
