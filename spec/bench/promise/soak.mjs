/**
 * Thirty `1s` series for ten minutes and more under random faults: every candle compared, the heap measured each minute.
 * `node spec/bench/promise/soak.mjs [--minutes 10] [--seed 1] [--series 30]`
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createFeed } from '../../../dist/index.js';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    series: { type: 'string', default: '30' },
  },
});
const [MINUTES, SEED, SERIES] = [values.minutes, values.seed, values.series].map(Number);
const VENUE = 'binance-spot';
const MINUTE = 60_000;
const EVERY_MS = 2000;
/** After the faults a back-off, a ban or a dead peer may still cost this much. */
const RECOVERY_MS = 45_000;
const FIELDS = [
  'closeTime', 'open', 'high', 'low', 'close',
  'volume', 'quoteVolume', 'trades', 'takerBuyVolume', 'takerBuyQuoteVolume',
]; // prettier-ignore

const symbols = Array.from({ length: SERIES }, (_, index) => ({
  symbol: `S${index}USDT`,
  ...(index % 5 === 0 && { emptySeconds: 0.6 }),
}));
const startAt = Date.UTC(2026, 0, 5, 12);
/** Every tenth series lacks three candles a minute in. */
const holes = symbols
  .filter((_, index) => index % 10 === 3)
  .map(({ symbol }) => ({
    venue: VENUE,
    symbol,
    interval: '1s',
    from: startAt + MINUTE,
    before: startAt + MINUTE + 3000,
  }));
const options = { seed: SEED, symbols: { [VENUE]: symbols }, startAt };

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

const exchange = fork(
  fileURLToPath(new URL('soak-exchange.mjs', import.meta.url)),
  [JSON.stringify({ ...options, holes, everyMs: EVERY_MS, maxAgeMs: 180_000 })],
  { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
);
const [{ endpoints }] = await once(exchange, 'message');

const feed = createFeed({
  venue: VENUE,
  endpoints,
  reconnect: { initialDelayMs: 500, maxDelayMs: 5000, maxRetries: Infinity },
  silenceMs: 10_000,
  rotateAfterMs: 120_000,
  logLevel: 'silent',
});

const sums = { candles: 0, missing: 0, doubled: 0, disordered: 0, wrong: 0, told: 0, fetched: 0, errors: 0 };
/** What came since the last comparison, and the open time from which the next one begins. */
const received = new Map(symbols.map(({ symbol }) => [symbol, []]));
const comparedTo = new Map();

function take(candle) {
  const { symbol, timestamp, source } = candle;
  sums.candles++;
  if (source !== 'stream') sums.fetched++;
  if (!comparedTo.has(symbol)) comparedTo.set(symbol, timestamp);
  received.get(symbol).push(candle);
}

/** Compares what came with what the exchange has, from the last comparison to the last candle received. */
async function compareAll() {
  const batches = symbols
    .map(({ symbol }) => ({ symbol, got: received.get(symbol).splice(0) }))
    .filter(({ got }) => got.length > 0);
  const spans = batches.map(({ symbol, got }) => {
    const before = Math.max(...got.map(({ timestamp }) => timestamp)) + 1000;
    const span = { symbol, from: comparedTo.get(symbol), before };
    comparedTo.set(symbol, before);
    return span;
  });
  const { candles } = await ask({ spans });
  batches.forEach(({ got }, index) => compareSeries(got, candles[index]));
}

function compareSeries(got, truth) {
  const right = new Map(truth.map((candle) => [candle.timestamp, candle]));
  let last = -Infinity;
  for (const candle of got) {
    const { timestamp } = candle;
    if (timestamp === last) sums.doubled++;
    else if (timestamp < last) sums.disordered++;
    last = Math.max(last, timestamp);
    if (FIELDS.some((field) => candle[field] !== right.get(timestamp)?.[field])) sums.wrong++;
  }
  const times = new Set(got.map(({ timestamp }) => timestamp));
  sums.missing += truth.filter(({ timestamp }) => !times.has(timestamp)).length;
}

feed.bus.on('CANDLE_MISSING').subscribe(({ from, to }) => (sums.told += (to - from) / 1000 + 1));
let status;
feed.status$.subscribe((now) => (status = now));
for (const { symbol } of symbols)
  feed.closedCandles$(symbol, '1s').subscribe({ next: take, error: () => sums.errors++ });

async function ask(what) {
  exchange.send(what);
  const [answer] = await once(exchange, 'message');
  return answer;
}

async function report(minute, what = 'stats') {
  const { faults, connectionsEver, requests, limitBreaks } = await ask(what);
  await compareAll();
  collectGarbage();
  const heap = (process.memoryUsage().heapUsed / 2 ** 20).toFixed(1);
  const { candles, fetched, missing, doubled, disordered, wrong } = sums;
  console.log(
    `| ${minute} | ${heap} | ${candles} | ${fetched} | ${missing} | ${doubled} | ${disordered} | ${wrong} | ${faults} | ${connectionsEver} | ${requests} | ${limitBreaks} |`,
  );
  return limitBreaks;
}

console.log(
  `${SERIES} series of \`1s\` candles, a random fault every ${EVERY_MS / 1000} s, seed ${SEED}, Node ${process.version}\n`,
);
console.log(
  '| Minute | Heap after GC, MB | Candles | of which fetched | Missing | Duplicated | Out of order | Wrong | Faults so far | Connections | REST requests | Limits exceeded |',
);
console.log('|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|');
const started = performance.now();
for (let minute = 1; minute <= MINUTES; minute++) {
  await wait(Math.max(0, started + minute * MINUTE - performance.now()));
  await report(minute);
}
await ask('calm');
const { now } = await ask('stats');
const lastOf = (symbol) => received.get(symbol).at(-1)?.timestamp ?? comparedTo.get(symbol) - 1000;
const behind = () => symbols.filter(({ symbol }) => lastOf(symbol) < now - 2000).length;
for (const before = performance.now() + RECOVERY_MS; performance.now() < before && behind() + status.openGaps > 0;)
  await wait(200);
const leftBehind = behind();
const gapsOpen = status.openGaps;
const limitBreaks = await report('end');
console.log(
  `\n${leftBehind} series left behind, ${sums.told} candles told missing of ${holes.length * 3} that the exchange lacks, ` +
    `${gapsOpen} gaps open, close to subscriber: ${JSON.stringify(status.closeToEmitMs)}`,
);
await feed.close();
exchange.disconnect();
const { missing, doubled, disordered, wrong, errors } = sums;
process.exitCode =
  missing + doubled + disordered + wrong + errors + leftBehind + limitBreaks + gapsOpen > 0 ||
  sums.told !== holes.length * 3
    ? 1
    : 0;
