import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closedCandlesOf$, natsLog } from '../../../dist/log/nats/index.js';
import { startFakeExchange } from '../../../dist/testing/index.js';
import { pause, startProcess } from '../lib/processes.mjs';
import { median, percentile } from '../lib/statistics.mjs';

/** `LOG_READERS=100` for a machine that cannot hold a thousand. */
const READERS = Number(process.env.LOG_READERS ?? 1000);
const SERIES = Number(process.env.LOG_SERIES ?? 600);
/** Readers are spread over so many processes, and so many of a process share a connection. */
const PROCESSES = Number(process.env.LOG_PROCESSES ?? 4);
const SHARING = Number(process.env.LOG_SHARING ?? 1);
const CORES = cpus().length;
const CLOSES = 3;
/** Between one close and the next, ms. */
const PAUSE_MS = 3000;
const KILLS = 5;
const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 1);
const PORT = 24_223;
const URL_ = `nats://127.0.0.1:${PORT}`;

/** Clock ticks of a Linux kernel, ms. */
const TICK_MS = 10;

/** CPU time, ms, and memory, MB, of a process. */
function usageOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  const [, kib] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return { cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS, mb: Number(kib) / 1024 };
}

async function startServer(folder) {
  const file = join(folder, 'nats.conf');
  writeFileSync(file, `listen: 127.0.0.1:${PORT}\njetstream { store_dir: "${folder}/data" }\n`);
  const server = spawn('nats-server', ['-c', file], { stdio: 'ignore' });
  await new Promise((resolve, reject) => {
    server.once('error', () => reject(new Error('no nats-server on this machine')));
    setTimeout(resolve, 1000);
  });
  return server;
}

const candle = (series, number) => ({
  venue: 'binance-usdm', symbol: `S${series}USDT`, interval: '1m', timestamp: START + number * MINUTE,
  closeTime: START + (number + 1) * MINUTE - 1, open: 1.5, high: 2.5, low: 0.5, close: 1.75, volume: 1234.567,
  quoteVolume: 7654.321, trades: Date.now() % 1e9, takerBuyVolume: 600.5, takerBuyQuoteVolume: 3000.25, source: 'stream',
}); // prettier-ignore

/** One minute's closes of all series, appended as a feeder does. */
async function close(log, number) {
  const after = number === 0 ? undefined : START + (number - 1) * MINUTE;
  await Promise.all(Array.from({ length: SERIES }, (_, series) => log.append(candle(series, number), after)));
}

const sum = (values) => values.reduce((all, value) => all + value, 0);

/** Processes of readers, as one. */
function startReaders() {
  const processes = Array.from({ length: PROCESSES }, (_, index) =>
    startProcess('client/log-reader.mjs', { core: index % CORES }),
  );
  const all = (verb, options) => Promise.all(processes.map((one) => one.ask(verb, options)));
  return {
    start: () => all('start', { url: URL_, readers: READERS / PROCESSES, sharing: SHARING, atOnce: 10 }),
    delays: async () => (await all('delays')).flat(),
    stop: () => Promise.all(processes.map((one) => one.stop())),
    async count() {
      const counts = await all('count');
      const total = (key) => sum(counts.map((count) => count[key]));
      return { heard: total('heard'), begun: total('begun'), rss: total('rss'), cpuUs: total('cpuUs') };
    },
  };
}

async function heardOf(readers, wanted) {
  for (let look = 0; look < 600; look++) {
    const { heard } = await readers.count();
    if (heard >= wanted) return heard;
    await pause(100);
  }
  throw new Error(`${wanted} deliveries did not come within a minute`);
}

async function fanOut(server, say) {
  const log = natsLog({ servers: URL_ });
  const report = await log.ensureStream();
  await close(log, 0);
  const idle = usageOf(server.pid);
  const readers = startReaders();
  const begin = Date.now();
  await readers.start();
  say(
    `all readers are live after ${Date.now() - begin} ms, ${usageOf(server.pid).cpuMs - idle.cpuMs} ms of server CPU`,
  );
  const [before, readersBefore] = [usageOf(server.pid), await readers.count()];
  let delays = [];
  let most = 0;
  for (let number = 1; number <= CLOSES; number++) {
    await pause(PAUSE_MS);
    await close(log, number);
    most = Math.max(most, usageOf(server.pid).mb);
    say(`close ${number}: ${await heardOf(readers, number * SERIES * READERS)} deliveries`);
    delays = [...delays, ...(await readers.delays())];
  }
  const [after, counted] = [usageOf(server.pid), await readers.count()];
  const { bytes, messages } = await log.ensureStream();
  await Promise.all([readers.stop(), log.close()]);
  return {
    heard: counted.heard,
    again: counted.begun - READERS,
    perDelivery: ((after.cpuMs - before.cpuMs) * 1000) / counted.heard,
    readerPerDelivery: (counted.cpuUs - readersBefore.cpuUs) / counted.heard,
    mb: Math.max(most, after.mb) - idle.mb,
    readersMb: counted.rss / 1e6,
    bytesEach: (bytes - report.bytes) / (messages - report.messages),
    sorted: delays.sort((a, b) => a - b),
  };
}

/** How late the latest candle is at a reader after a feeder was killed, ms, by so many kills. */
async function lateness(feeders) {
  const exchange = await startFakeExchange({ venues: ['binance-spot'], symbols: { 'binance-spot': ['BTCUSDT'] } });
  const log = natsLog({ servers: URL_, stream: `PAIR${feeders}` });
  await log.ensureStream();
  const { stream, rest } = exchange.endpoints('binance-spot');
  const path = fileURLToPath(new URL('../client/log-feeder.mjs', import.meta.url));
  const args = [path, URL_, stream, rest, `PAIR${feeders}`];
  const start = () => spawn(process.execPath, args, { stdio: 'ignore' });
  const running = Array.from({ length: feeders }, start);
  let latest = 0;
  let count = 0;
  const reading = closedCandlesOf$(log, 'BTCUSDT', '1s', { venue: 'binance-spot' }).subscribe(({ closeTime }) => {
    count += 1;
    latest = Math.max(latest, exchange.now() - closeTime - 1);
  });
  while (count < 8) await pause(50);
  const worst = [];
  for (let kill = 0; kill < KILLS; kill++) {
    await pause(2500);
    latest = 0;
    running[0].kill('SIGKILL');
    running[0] = start();
    await pause(6000);
    worst.push(latest);
  }
  reading.unsubscribe();
  for (const child of running) child.kill('SIGKILL');
  await log.close();
  await exchange.close();
  return worst;
}

async function kills(say) {
  say('one feeder, killed and started again');
  const one = await lateness(1);
  say('two feeders, one of which is killed');
  return [one, await lateness(2)];
}

const medianAndMost = (values) => (values === undefined ? 'not measured' : `${median(values)}, ${Math.max(...values)}`);

/**
 * What a log in NATS costs: `LOG_READERS` readers of `LOG_SERIES` series each, in `LOG_PROCESSES` processes, `LOG_SHARING` of
 * them to a connection; and what a killed feeder costs a reader.
 */
export async function log({ say }) {
  const folder = mkdtempSync(join(tmpdir(), 'rx-candles-bench-log-'));
  const server = await startServer(folder);
  try {
    say(`${READERS} readers of ${SERIES} series, ${PROCESSES} processes, ${SHARING} to a connection`);
    const fan = await fanOut(server, say);
    const [one, two] = process.env.LOG_ONLY === 'readers' ? [] : await kills(say);
    const table = [
      {
        readers: READERS,
        deliveries: fan.heard,
        'server CPU per delivery, µs': fan.perDelivery.toFixed(2),
        'reader CPU per delivery, µs': fan.readerPerDelivery.toFixed(1),
        'begun again': fan.again,
        'bytes of a candle in the stream': fan.bytesEach.toFixed(0),
        'server memory for them, at most, MB': fan.mb.toFixed(0),
        'their own memory, MB': fan.readersMb.toFixed(0),
        'delay p50, p99, ms': `${percentile(fan.sorted, 0.5)}, ${percentile(fan.sorted, 0.99)}`,
      },
    ];
    const goals = [
      ['latest candle after kill -9 of the only feeder, ms, median and most', '', medianAndMost(one)],
      ['latest candle after kill -9 of one of two, ms, median and most', '', medianAndMost(two)],
    ];
    return { table, goals, problems: [] };
  } finally {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}
