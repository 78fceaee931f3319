/**
 * The same faults for rx-candles and for the clients that people use today, on one fake exchange at the same time.
 * `npm run bench:promise`; prints a Markdown table.
 */
import { fork } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { setTimeout as wait } from 'node:timers/promises';
import { startFakeExchange } from '../../../dist/testing/index.js';
import { add, compare } from './compare.mjs';
import { FAULTS } from './faults.mjs';

const CLIENTS = ['rx-candles', 'binance', 'ccxt'];
const SEED = 7;
const SERIES = 10;
const SYMBOLS = Array.from({ length: SERIES }, (_, index) => `A${String.fromCharCode(65 + index)}USDT`);
const VENUE = 'binance-spot';
/** How long a client may take to begin, and to bring what it still owes at the end. */
const LONGEST_START_MS = 60_000;
const TAIL_MS = 12_000;

const client = fileURLToPath(new URL('client.mjs', import.meta.url));

function startClient(name, settings) {
  const received = new Map(settings.symbols.map((symbol) => [symbol, []]));
  const child = fork(client, [name, JSON.stringify(settings)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  child.on('message', ([symbol, timestamp, open, high, low, close, volume]) =>
    received.get(symbol)?.push({ timestamp, open, high, low, close, volume }),
  );
  return { name, child, received };
}

/** All clients have begun once each has three candles of each series. */
async function begun(clients) {
  const deadline = performance.now() + LONGEST_START_MS;
  const hasBegun = ({ received }) => [...received.values()].every((candles) => candles.length >= 3);
  while (!clients.every(hasBegun)) {
    const late = clients.filter((one) => !hasBegun(one)).map(({ name }) => name);
    if (performance.now() > deadline) throw new Error(`no candles of every series yet: ${late.join(', ')}`);
    await wait(100);
  }
}

async function trial({ name, lastsMs, run, exchange: options, client: clientOptions }) {
  const exchange = await startFakeExchange({ seed: SEED, symbols: { [VENUE]: SYMBOLS }, ...options });
  const settings = { endpoints: exchange.endpoints(VENUE), symbols: SYMBOLS, ...clientOptions };
  const clients = CLIENTS.map((one) => startClient(one, settings));
  await begun(clients);
  const from = Math.ceil(exchange.now() / 1000) * 1000 + 1000;
  const before = from + lastsMs;
  await Promise.all([wait(lastsMs), run(exchange.faults, wait)]);
  exchange.faults.clear();
  await wait(TAIL_MS);
  const truth = (symbol) => exchange.candles({ venue: VENUE, symbol, interval: '1s' }, from, before);
  const rows = clients.map(({ name: who, received }) => ({
    fault: name,
    who,
    ...SYMBOLS.map((symbol) => compare(received.get(symbol), truth(symbol))).reduce(add),
  }));
  for (const { child } of clients) child.kill();
  await exchange.close();
  console.error(`done: ${name}`);
  return rows;
}

function totals(rows) {
  return CLIENTS.map((who) => {
    const own = rows.filter((row) => row.who === who).map(({ fault: _, who: __, ...sums }) => sums);
    return { fault: '**total**', who, ...own.reduce(add) };
  });
}

function print(rows) {
  const versions = `Node ${process.version}, ${cpus().length} cores, ${new Date().toISOString().slice(0, 10)}`;
  console.log(`\n${SERIES} series of \`1s\` candles, seed ${SEED}; ${versions}\n`);
  console.log('| Fault | Client | Expected | Missing | Duplicated | Out of order | Wrong |');
  console.log('|---|---|--:|--:|--:|--:|--:|');
  for (const { fault, who, expected, missing, doubled, disordered, wrong } of rows)
    console.log(`| ${fault} | ${who} | ${expected} | ${missing} | ${doubled} | ${disordered} | ${wrong} |`);
}

const rows = [];
for (const fault of FAULTS) rows.push(...(await trial(fault)));
const sums = totals(rows);
print([...rows, ...sums]);
const { missing, doubled, disordered, wrong } = sums.find(({ who }) => who === 'rx-candles');
process.exitCode = missing + doubled + disordered + wrong > 0 ? 1 : 0;
