import { setTimeout as pause } from 'node:timers/promises';
import { connect, nanos } from '@nats-io/transport-node';
import { jetstreamManager } from '@nats-io/jetstream';
import { lastValueFrom, takeWhile, toArray } from 'rxjs';
import { natsLog, type LogEntry } from 'rx-candles/nats';
import { startFakeExchange, type FakeExchange } from 'rx-candles/testing';
import { createRandom } from '../../../src/testing/market/random.ts';
import { rulesOf } from '../../../src/log/nats/stream-rules.ts';
import { startNatsServer, type NatsServer } from '../../support/nats-server.ts';
import { until } from '../../support/until.ts';
import { Feeder } from './feeders.ts';
import { readersOf, type LogReader } from './readers.ts';

export const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'BNBUSDT'];
const VENUE = 'binance-spot';
/** Shorter than feeders are paused. */
const DUPLICATE_WINDOW_MS = 1000;
/** Everything must be where it belongs this long after the last fault, ms. */
const CATCH_UP_MS = 40_000;

/** What one run came to. */
export interface Played {
  /** What is wrong, a sentence each. */
  readonly faults: readonly string[];
  /** What was done to whom. */
  readonly summary: string;
}

interface Stage {
  readonly exchange: FakeExchange;
  readonly server: NatsServer;
  readonly feeders: readonly Feeder[];
  readonly readers: readonly LogReader[];
  readonly random: () => number;
}

/** Two feeders and three readers around one server, all of which something befalls, for a while. */
export async function play(feeder: string, seed: number, faultyMs: number): Promise<Played> {
  await using server = await startNatsServer();
  await using exchange = await startFakeExchange({ seed, venues: [VENUE], symbols: { [VENUE]: SYMBOLS } });
  await makeStream(server.url);
  const random = createRandom(seed);
  const readers = readersOf(server.url, SYMBOLS);
  const { stream, rest } = exchange.endpoints(VENUE);
  const feeders = [0, 1].map(() => new Feeder(feeder, [server.url, stream, rest, ...SYMBOLS]));
  const stage = { exchange, server, feeders, readers, random };
  try {
    const acts = await spoil(stage, faultyMs);
    await caughtUp(stage, exchange.openTimeNow(series('BTCUSDT')));
    const faults = [...(await judgeLog(stage)), ...readers.flatMap((reader) => judgeReader(stage, reader))];
    return { faults: [...faults, ...feeders.flatMap(({ errors }) => errors || [])], summary: summaryOf(stage, acts) };
  } finally {
    await Promise.all([...feeders.map((one) => one.kill()), ...readers.map((one) => one.stop())]);
  }
}

const series = (symbol: string) => ({ venue: VENUE, symbol, interval: '1s' }) as const;

/** By its rules, but with a window that a feeder can be paused beyond. */
async function makeStream(servers: string): Promise<void> {
  const connection = await connect({ servers });
  const manager = await jetstreamManager(connection);
  await manager.streams.add({ ...rulesOf('CANDLES', {}), duplicate_window: nanos(DUPLICATE_WINDOW_MS) });
  await connection.close();
}

type Act = (stage: Stage) => unknown;

const ACTS: Readonly<Record<string, Act>> = {
  'kill a feeder': async ({ feeders, random }) => feeders[Math.floor(random() * 2)]?.restart(),
  'pause a feeder': async ({ feeders, random }) =>
    feeders[Math.floor(random() * 2)]?.pause(DUPLICATE_WINDOW_MS + 1500 * random()),
  'kill the server': async ({ server, random }) => {
    await server.kill();
    await pause(800 * random());
    await server.start();
  },
  'lose its end': async ({ server, readers }) => {
    server.save();
    const delivered = readers[0]?.candles.length ?? 0;
    // What is lost has been acknowledged, and delivered.
    const isDelivered = (): boolean => (readers[0]?.candles.length ?? 0) >= delivered + 2 * SYMBOLS.length;
    await until(isDelivered, 'candles to lose', 6000).catch(() => undefined);
    await server.kill();
    server.rollBack();
    await server.start();
  },
  'drop sockets': ({ exchange }) => exchange.faults.stream.drop(),
  'lose closes': ({ exchange }) => exchange.faults.stream.loseCloses({ next: 4 }),
  'fail REST': ({ exchange }) => exchange.faults.rest.fail(503, { next: 3 }),
  'restart a reader': ({ readers }) => readers[2]?.restart(),
};

/** One thing after another, the two that matter most in every run. */
async function spoil(stage: Stage, faultyMs: number): Promise<readonly string[]> {
  const names = Object.keys(ACTS);
  const done: string[] = [];
  const begun = performance.now();
  await until(
    () => stage.readers.every(({ candles }) => candles.length >= SYMBOLS.length),
    'first candles',
    CATCH_UP_MS,
  );
  for (let next = 0; performance.now() - begun < faultyMs || next < 2; next++) {
    const name = ['lose its end', 'pause a feeder'][next] ?? names[Math.floor(stage.random() * names.length)] ?? '';
    await ACTS[name]?.(stage);
    done.push(name);
    await pause(400 * stage.random());
  }
  return done;
}

/** Waits until everybody has what had closed at the last fault. */
async function caughtUp({ readers }: Stage, openTime: number): Promise<void> {
  const isThere = (reader: LogReader): boolean =>
    reader.error !== undefined || SYMBOLS.every((symbol) => (reader.of(symbol).at(-1)?.timestamp ?? 0) >= openTime);
  await until(() => readers.every(isThere), 'all readers', CATCH_UP_MS).catch(() => undefined);
}

async function judgeLog({ server, exchange }: Stage): Promise<string[]> {
  await using log = natsLog({ servers: server.url });
  const entries = await lastValueFrom(
    log.read$({}, { since: 0 }).pipe(
      takeWhile((signal) => signal !== 'live'),
      toArray(),
    ),
  );
  return SYMBOLS.flatMap((symbol) => {
    const own = entries.filter(({ candle }) => candle.symbol === symbol);
    return [
      ...difference(
        'the log',
        exchange,
        own.map(({ candle }) => candle.timestamp),
        symbol,
      ),
      ...brokenLinks(own),
    ];
  });
}

function brokenLinks(entries: readonly LogEntry[]): string[] {
  const isBroken = ({ previous }: LogEntry, index: number): boolean =>
    previous !== (entries[index - 1]?.candle.timestamp ?? null);
  return entries
    .filter(isBroken)
    .map(({ candle, previous }) => `${candle.symbol} ${candle.timestamp} is linked to ${String(previous)}`);
}

function judgeReader({ exchange }: Stage, reader: LogReader): string[] {
  const faults = SYMBOLS.flatMap((symbol) => {
    const candles = reader.of(symbol);
    return difference(
      reader.name,
      exchange,
      candles.map(({ timestamp }) => timestamp),
      symbol,
    );
  });
  return reader.error === undefined ? faults : [...faults, `${reader.name}: ${(reader.error as Error).message}`];
}

/** Every candle that the exchange has between the first and the last, once, in order; and it must have come far. */
function difference(who: string, exchange: FakeExchange, times: readonly number[], symbol: string): string[] {
  const [first, last] = [times[0] ?? 0, times.at(-1) ?? 0];
  const truth = exchange.candles(series(symbol), first, last + 1).map(({ timestamp }) => timestamp);
  const isLate = last < exchange.openTimeNow(series(symbol)) - 5000;
  const isSame = times.length === truth.length && times.every((time, index) => time === truth[index]);
  return [
    ...(isSame ? [] : [`${who}: ${symbol} has ${times.length} of ${truth.length}: ${textOf(times)}`]),
    ...(isLate ? [`${who}: ${symbol} ends at ${last}, ${exchange.now() - last} ms ago`] : []),
  ];
}

const textOf = (times: readonly number[]): string => times.map((time) => (time / 1000) % 1000).join(' ');

function summaryOf({ readers }: Stage, acts: readonly string[]): string {
  const counts = [...new Set(acts)].map((act) => `${act} ${acts.filter((one) => one === act).length}`);
  return `${readers.map(({ name, candles }) => `${name} ${candles.length}`).join(', ')}; ${counts.join(', ')}`;
}
