import { answer, pause } from '../lib/processes.mjs';
import { percentile } from '../lib/statistics.mjs';
import { contenders } from './contenders.mjs';

/** One contender in a process of its own: `client.mjs <contender>`. */
const [contender] = process.argv.slice(2);
const IDLE_SHARE = 0.03;

let closes = 0;
let disordered = 0;
let delays = [];
const lastOpenTimes = new Map();
let began;

function onClose(symbol, interval, openTime, writtenAt) {
  const now = Number(process.hrtime.bigint() / 1000n);
  const key = `${symbol}@${interval}`;
  if (openTime <= (lastOpenTimes.get(key) ?? 0)) disordered++;
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
  for (let quiet = 0, before = performance.eventLoopUtilization(); quiet < 5; ) {
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
  start: async (target) => {
    feed = await contenders[contender](target, onClose);
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
      delayUs: sorted.length === 0 ? null : { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99), max: sorted.at(-1) },
    };
  },
  heap: heapNow,
  status: () =>
    new Promise((resolve) => {
      feed.status$.subscribe(resolve).unsubscribe();
    }),
});
