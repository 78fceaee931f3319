import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closedCandlesOf$, natsLog } from '../../../dist/log/nats/index.js';
import { startFakeExchange } from '../../../dist/testing/index.js';
import { CLIENT_CORE, pause, startProcess } from '../lib/processes.mjs';
import { median, percentile } from '../lib/statistics.mjs';

/** `LOG_READERS=100` for a machine that cannot hold a thousand. */
const READERS = Number(process.env.LOG_READERS ?? 1000);
const SERIES = Number(process.env.LOG_SERIES ?? 600);
const CLOSES = 3;
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

async function fanOut(server, say) {
  const log = natsLog({ servers: URL_ });
  await log.ensureStream();
  await close(log, 0);
  const idle = usageOf(server.pid);
  const readers = startProcess('client/log-reader.mjs', { core: CLIENT_CORE });
  await readers.ask('start', { url: URL_, readers: READERS });
  await pause(5000);
  const before = usageOf(server.pid);
  let delays = [];
  for (let number = 1; number <= CLOSES; number++) {
    await close(log, number);
    for (let look = 0; look < 600; look++) {
      if ((await readers.ask('count')).heard >= number * SERIES * READERS) break;
      await pause(200);
    }
    delays = [...delays, ...(await readers.ask('delays'))];
    say(`close ${number}: ${(await readers.ask('count')).heard} deliveries`);
  }
  const { heard, rss } = await readers.ask('count');
  const after = usageOf(server.pid);
  await Promise.all([readers.stop(), log.close()]);
  const sorted = delays.sort((a, b) => a - b);
  return {
    heard,
    perDelivery: ((after.cpuMs - before.cpuMs) * 1000) / heard,
    mb: after.mb - idle.mb,
    readersMb: rss / 1e6,
    sorted,
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

/** What a log in NATS costs: `LOG_READERS` readers of `LOG_SERIES` series each, and what a killed feeder costs a reader. */
export async function log({ say }) {
  const folder = mkdtempSync(join(tmpdir(), 'rx-candles-bench-log-'));
  const server = await startServer(folder);
  try {
    say(`${READERS} readers of ${SERIES} series`);
    const fan = await fanOut(server, say);
    say('one feeder, killed and started again');
    const one = await lateness(1);
    say('two feeders, one of which is killed');
    const two = await lateness(2);
    const table = [
      {
        readers: READERS,
        deliveries: fan.heard,
        'server CPU per delivery, µs': fan.perDelivery.toFixed(2),
        'server memory for them, MB': fan.mb.toFixed(0),
        'their own memory, MB': fan.readersMb.toFixed(0),
        'delay p50, p99, ms': `${percentile(fan.sorted, 0.5)}, ${percentile(fan.sorted, 0.99)}`,
      },
    ];
    const goals = [
      [
        'latest candle after kill -9 of the only feeder, ms, median and most',
        '',
        `${median(one)}, ${Math.max(...one)}`,
      ],
      ['latest candle after kill -9 of one of two, ms, median and most', '', `${median(two)}, ${Math.max(...two)}`],
    ];
    return { table, goals, problems: [] };
  } finally {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}
