import { CLIENT_CORE, SERVER_CORE, pause, startProcess } from '../lib/processes.mjs';
import { LENGTH_MS, seriesOf } from '../lib/series.mjs';
import { median, spread } from '../lib/statistics.mjs';

/** All USDⓈ-M perpetuals on five intervals, at the market's own pace: 10,800 frames a second. */
const SYMBOLS = 540;
const INTERVALS = ['1m', '3m', '5m', '15m', '1h'];
const SERIES = SYMBOLS * INTERVALS.length;
const MINUTE = 60_000;
/** The exchange's time at the start: no interval but `1m` closes at the first two boundaries. */
const START_AT = Date.UTC(2026, 10, 22, 12, 0, 5);
const LONGEST_MS = 120_000;

async function withMarket(use) {
  const server = startProcess('server/fake-exchange.mjs', { core: SERVER_CORE });
  const client = startProcess('client/client.mjs', { core: CLIENT_CORE, args: ['rx-candles'] });
  try {
    const { stream, rest } = await server.ask('listen', { symbols: SYMBOLS, startAt: START_AT });
    const ws = stream.replace(/\/market$/, '');
    const start = () => client.ask('start', { ws, rest, series: seriesOf(SYMBOLS, INTERVALS) });
    return await use({ server, client, start });
  } finally {
    await client.stop();
    await server.stop();
  }
}

/** How long until all series are subscribed, ms, from a moment on. */
async function allSubscribed(server, startedAt) {
  for (;;) {
    const { topics } = await server.ask('state');
    const took = performance.now() - startedAt;
    if (topics === SERIES) return took;
    if (took > LONGEST_MS) throw new Error(`${topics} of ${SERIES} series after ${took.toFixed(0)} ms`);
    await pause(20);
  }
}

async function cut(server) {
  const startedAt = performance.now();
  await server.ask('cut');
  return startedAt;
}

/** From cold, and again after every connection was cut. */
async function subscribing() {
  return withMarket(async ({ server, start }) => {
    const startedAt = performance.now();
    await start();
    const coldMs = await allSubscribed(server, startedAt);
    await pause(1000);
    const againMs = await allSubscribed(server, await cut(server));
    await pause(1000);
    const { limitBreaks, klines } = await server.ask('state');
    return { coldMs, againMs, limitBreaks, klines };
  });
}

async function untilExchangeTime(server, time) {
  const { now } = await server.ask('state');
  await pause(time - now);
}

/** A minute of a healthy stream, a boundary that is lost with every connection, and the next one. */
async function minutes() {
  return withMarket(async ({ server, client, start }) => {
    const minute = START_AT - (START_AT % MINUTE);
    const startedAt = performance.now();
    await start();
    await allSubscribed(server, startedAt);
    await client.ask('begin');
    await untilExchangeTime(server, minute + MINUTE + 20_000);
    const healthy = { ...(await server.ask('state')), ...(await client.ask('end', { untilQuiet: false })) };
    await untilExchangeTime(server, minute + 2 * MINUTE - 300);
    await client.ask('begin');
    const againMs = await allSubscribed(server, await cut(server));
    await untilExchangeTime(server, minute + 2 * MINUTE + 40_000);
    const reads = await server.ask('klines', { from: healthy.klines });
    const mended = { ...(await server.ask('state')), ...(await client.ask('end', { untilQuiet: false })) };
    await client.ask('begin');
    await untilExchangeTime(server, minute + 3 * MINUTE + 20_000);
    const after = { ...(await server.ask('state')), ...(await client.ask('end', { untilQuiet: false })) };
    return {
      healthy,
      againMs,
      reads,
      mended,
      after,
      lostOpenTime: minute + MINUTE,
      status: await client.ask('status'),
    };
  });
}

export async function market({ runs, say }) {
  const times = [];
  for (let run = 0; run < runs; run++) {
    times.push(await subscribing());
    say(
      `run ${run + 1} of subscribing: ${times.at(-1).coldMs.toFixed(0)} ms, again ${times.at(-1).againMs.toFixed(0)} ms`,
    );
  }
  say('three minutes of the market');
  const seen = await minutes();
  return { table: tableOf(times, seen), goals: goalsOf(times, seen), problems: problemsOf(times, seen) };
}

function tableOf(times, { healthy, reads, mended, after, againMs }) {
  const perSecond = (part) => (part.cpuUs / part.wallMs / 1000).toFixed(2);
  return [
    {
      part: 'from cold, ms',
      value: spread(
        times.map(({ coldMs }) => coldMs),
        0,
      ),
    },
    {
      part: 'again after a cut, ms',
      value: spread(
        times.map(({ againMs: ms }) => ms),
        0,
      ),
    },
    { part: 'connections', value: healthy.connections },
    {
      part: 'healthy minute: closes, kline requests, share of a core',
      value: `${healthy.closes}, ${healthy.klines}, ${perSecond(healthy)}`,
    },
    { part: 'cut at a boundary: subscribed again after, ms', value: againMs.toFixed(0) },
    { part: 'kline requests then, for lost closes', value: `${reads.length}, ${SYMBOLS}` },
    { part: 'closes delivered: lost minute, next minute', value: `${mended.closes}, ${after.closes}` },
    { part: 'share of a core while mending, and after', value: `${perSecond(mended)}, ${perSecond(after)}` },
  ];
}

function goalsOf(times, { healthy, reads, lostOpenTime }) {
  const beyond = reads.filter(({ startTime, interval }) => startTime < lostOpenTime || interval !== '1m').length;
  return [
    ['2,700 series subscribed from cold, s', '≤ 10', (median(times.map(({ coldMs }) => coldMs)) / 1000).toFixed(2)],
    [
      'the same after every connection is cut, s',
      '≤ 15',
      (median(times.map(({ againMs }) => againMs)) / 1000).toFixed(2),
    ],
    [
      'limits broken',
      '0',
      String(times.reduce((sum, { limitBreaks }) => sum + limitBreaks.length, 0) + healthy.limitBreaks.length),
    ],
    ['kline requests on a healthy stream', '0', String(healthy.klines)],
    ['reads of anything but what closed meanwhile', '0', String(beyond)],
  ];
}

function problemsOf(times, { healthy, mended, after, status }) {
  const expected = [
    ['closes of the healthy minute', healthy.closes, SYMBOLS],
    ['closes of the lost minute', mended.closes, SYMBOLS],
    ['closes of the minute after', after.closes, SYMBOLS * 2],
    ['closes out of order or after a hole', healthy.disordered + mended.disordered + after.disordered, 0],
    ['open gaps at the end', status.openGaps, 0],
    ['limits broken', times.flatMap(({ limitBreaks }) => limitBreaks).length + after.limitBreaks.length, 0],
  ];
  return expected
    .filter(([, is, should]) => is !== should)
    .map(([what, is, should]) => `${what}: ${is} instead of ${should}`);
}
