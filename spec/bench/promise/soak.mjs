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
import { startFakeExchange } from '../../../dist/testing/index.js';

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

/** Knows every candle and talks to nobody: candles depend on seed, symbol and time alone. */
const truth = await startFakeExchange(options);
for (const hole of holes) truth.faults.market.hole(hole);

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
const nextOf = new Map();

/** The open time that must come next, beyond what the exchange itself lacks. */
function after(series, openTime) {
  let next = openTime + 1000;
  while (truth.candleAt(series, next) === undefined) next += 1000;
  return next;
}

function check(candle) {
  const { symbol, timestamp } = candle;
  const series = { venue: VENUE, symbol, interval: '1s' };
  const expected = nextOf.get(symbol) ?? timestamp;
  sums.candles++;
  if (candle.source !== 'stream') sums.fetched++;
  if (timestamp < expected) sums[timestamp === expected - 1000 ? 'doubled' : 'disordered']++;
  for (let next = expected; next < timestamp; next = after(series, next)) sums.missing++;
  const right = truth.candleAt(series, timestamp);
  if (right === undefined || FIELDS.some((field) => candle[field] !== right[field])) sums.wrong++;
  if (timestamp >= expected) nextOf.set(symbol, after(series, timestamp));
}

feed.bus.on('CANDLE_MISSING').subscribe(({ from, to }) => (sums.told += (to - from) / 1000 + 1));
let status;
feed.status$.subscribe((now) => (status = now));
for (const { symbol } of symbols)
  feed.closedCandles$(symbol, '1s').subscribe({ next: check, error: () => sums.errors++ });

async function ask(what) {
  exchange.send(what);
  const [answer] = await once(exchange, 'message');
  return answer;
}

async function report(minute, what = 'stats') {
  const { faults, connectionsEver, requests, limitBreaks } = await ask(what);
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
  '| Minute | Heap after GC, MB | Candles | of these fetched | Missing | Doubled | Disordered | Wrong | Faults so far | Connections | REST requests | Limits broken |',
);
console.log('|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|');
const started = performance.now();
for (let minute = 1; minute <= MINUTES; minute++) {
  await wait(Math.max(0, started + minute * MINUTE - performance.now()));
  await report(minute);
}
await ask('calm');
const owedBefore = truth.now() - 1000;
const isServed = () => symbols.every(({ symbol }) => (nextOf.get(symbol) ?? 0) >= owedBefore);
for (const before = performance.now() + RECOVERY_MS; performance.now() < before && !isServed();) await wait(200);
const limitBreaks = await report('end');
const behind = symbols.filter(({ symbol }) => (nextOf.get(symbol) ?? 0) < owedBefore).length;
console.log(
  `\n${behind} series left behind, ${sums.told} candles told missing of ${holes.length * 3} that the exchange lacks, ` +
    `${status.openGaps} gaps open, close to subscriber: ${JSON.stringify(status.closeToEmitMs)}`,
);
await feed.close();
exchange.disconnect();
await truth.close();
const { missing, doubled, disordered, wrong, errors } = sums;
process.exitCode =
  missing + doubled + disordered + wrong + errors + behind + limitBreaks + status.openGaps > 0 ||
  sums.told !== holes.length * 3
    ? 1
    : 0;
