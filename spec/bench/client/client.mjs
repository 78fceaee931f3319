import { answer, pause } from '../lib/processes.mjs';
import { LENGTH_MS } from '../lib/series.mjs';
import { percentile } from '../lib/statistics.mjs';
import { contenders } from './contenders.mjs';

/** One contender in a process of its own: `client.mjs <contender>`. */
const [contender] = process.argv.slice(2);
const IDLE_SHARE = 0.2;

let closes = 0;
let disordered = 0;
let delays = [];
const lastOpenTimes = new Map();
let began;
let isSilent = false;

function onClose(symbol, interval, openTime, writtenAt) {
  if (isSilent) return;
  const now = Number(process.hrtime.bigint() / 1000n);
  const key = `${symbol}@${interval}`;
  const last = lastOpenTimes.get(key);
  if (last !== undefined && openTime !== last + LENGTH_MS[interval]) disordered++;
  lastOpenTimes.set(key, openTime);
  closes++;
  delays.push(now - writtenAt);
}

function heapNow() {
  for (let times = 0; times < 4; times++) globalThis.gc();
  return process.memoryUsage().heapUsed;
}

/** All that was sent has been read when the loop has nothing to do for a while; the look itself costs next to nothing. */
async function untilIdle() {
  let lastBusy = performance.now();
  for (let quiet = 0, before = performance.eventLoopUtilization(); quiet < 4;) {
    await pause(10);
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    quiet = utilization < IDLE_SHARE ? quiet + 1 : 0;
    if (quiet === 0) lastBusy = performance.now();
  }
  return lastBusy;
}

let feed;
answer({
  /** `first`: how many of the series are subscribed; `silent`: closes leave no trace on the heap. */
  start: async ({ first, silent = false, ...target }) => {
    isSilent = silent;
    feed = await contenders[contender]({ ...target, series: target.series.slice(0, first) }, onClose);
  },
  begin: () => {
    closes = disordered = 0;
    delays = [];
    began = { cpu: process.cpuUsage(), at: performance.now() };
  },
  end: async ({ untilQuiet = true }) => {
    const lastBusy = untilQuiet ? await untilIdle() : performance.now();
    const { user, system } = process.cpuUsage(began.cpu);
    const sorted = delays.sort((a, b) => a - b);
    return {
      cpuUs: user + system,
      wallMs: lastBusy - began.at,
      closes,
      disordered,
      delayUs:
        sorted.length === 0
          ? null
          : { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99), max: sorted.at(-1) },
    };
  },
  exit: () => process.exit(),
  heap: heapNow,
  rss: () => process.memoryUsage.rss(),
  status: () =>
    new Promise((resolve) => {
      feed.status$.subscribe(resolve).unsubscribe();
    }),
});
