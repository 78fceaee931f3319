import { setTimeout as pause } from 'node:timers/promises';
import {
  createFeed,
  openTimeAt,
  type CandleClosed,
  type CandleMissing,
  type Feed,
  type RowRejected,
} from '../../src/index.ts';
import { startFakeExchange, type FakeExchange } from '../../src/testing/index.ts';
import { createRandom } from '../../src/testing/market/random.ts';
import { complaintsAbout, isServed } from './judge.ts';
import { digHoles, oddsOf } from './market.ts';
import { RequestWatch } from './requests.ts';
import { SYMBOLS, type Stage } from './stage.ts';
import { Truth } from './truth.ts';
import type { ChaosVenue } from './venues.ts';
import { visitAll } from './visitors.ts';
import { Visits, type SeriesKey, type Visit } from './visits.ts';

export interface ChaosReport {
  readonly complaints: readonly string[];
  readonly limitBreaks: readonly string[];
  readonly mostInFlight: number;
  readonly impatient: readonly string[];
  readonly connectionsLeft: number;
  /** What the run was, for those who read along. */
  readonly summary: string;
}

const HOUR = 3_600_000;

interface Played {
  /** As in the judge's case. */
  readonly owedBefore: number;
  readonly wokeAt: number;
  /** From the end of the calm until everybody was served. */
  readonly recoveryMs: number;
}

/** The whole feed over real sockets with every fault at once, and what of the promise did not survive it. */
export async function runChaos(venue: ChaosVenue, seed: number): Promise<ChaosReport> {
  const random = createRandom(seed);
  const exchange = await startExchange({ venue, seed, random });
  const requests = new RequestWatch(exchange.endpoints().rest);
  const feed = startFeed({ exchange, venue, random });
  const visits = new Visits(feed, exchange);
  const events = {
    missing: [] as CandleMissing[],
    rejected: [] as RowRejected[],
    closed: [] as CandleClosed[],
  };
  feed.bus.on('CANDLE_MISSING').subscribe((event) => events.missing.push(event));
  feed.bus.on('ROW_REJECTED').subscribe((event) => events.rejected.push(event));
  feed.bus.on('CANDLE_CLOSED').subscribe((event) => events.closed.push(event));
  const stage = { exchange, feed, visits, random, venue, seed };
  const odds = oddsOf(stage);
  const { owedBefore, recoveryMs, wokeAt } = await play(stage);
  const complaints = complaintsAbout({
    ...events,
    truth: new Truth(exchange, odds),
    visits: visits.all,
    owedBefore,
    wokeAt,
    clockErrorMs: 250,
  });
  const summary = [
    `${summaryOf(stage)}, told to wait ${requests.told} times, served ${Math.round(recoveryMs / 1000)} s after the calm`,
    ...cluesAbout(stage, owedBefore),
  ].join('\n');
  await feed.close();
  await pause(300);
  const connectionsLeft = exchange.stats.connections;
  requests.stop();
  await exchange.close();
  const limitBreaks = exchange.stats.limitBreaks.map(({ limit, detail }) => `${limit}: ${detail}`);
  const { mostInFlight, impatient } = requests;
  return { complaints, limitBreaks, mostInFlight, impatient, connectionsLeft, summary };
}

/** Every other exchange pushes no candles without trades; clocks are hours off and drift; connections grow 12 to 25 s old. */
function startExchange({ venue, seed, random }: Pick<Stage, 'venue' | 'seed' | 'random'>): Promise<FakeExchange> {
  const { id, interval, lengthMs, leadMs, symbolOf } = venue;
  const moment = Date.UTC(2026, 0, 5) + Math.floor(random() * 24 * HOUR);
  return startFakeExchange({
    venues: [id],
    seed,
    symbols: { [id]: SYMBOLS.map((symbol) => ({ ...symbol, symbol: symbolOf(symbol.symbol) })) },
    startAt: openTimeAt(moment, interval) + lengthMs - leadMs,
    driftPpm: 400 * (random() - 0.5),
    pushEmptyCloses: seed % 2 === 0,
    maxAgeMs: 12_000 + 13_000 * random(),
    errorForm: random() < 0.5 ? 'nested' : 'flat',
  });
}

function startFeed({ exchange, venue, random }: Pick<Stage, 'exchange' | 'venue' | 'random'>): Feed {
  return createFeed({
    venue: venue.id,
    endpoints: exchange.endpoints(),
    reconnect: { initialDelayMs: 200, maxDelayMs: 2000, maxRetries: Infinity },
    silenceMs: 4000,
    restTimeoutMs: 3000,
    rotateAfterMs: 5000 + Math.floor(6000 * random()),
    logLevel: 'silent',
  });
}

async function play(stage: Stage): Promise<Played> {
  const { exchange, venue, random, seed } = stage;
  SYMBOLS.forEach((_, index) => digHoles(stage, index));
  const startFaults = () => exchange.faults.random({ seed, everyMs: 300, faults: venue.faults });
  if (seed % 3 === 0) startFaults();
  else setTimeout(startFaults, 1500);
  const slept = { wokeAt: Infinity };
  if (seed % 4 === 0) setTimeout(() => { slept.wokeAt = leap(exchange); }, venue.faultyMs * (0.3 + 0.3 * random())); // prettier-ignore
  await Promise.all([pause(venue.faultyMs), ...SYMBOLS.map((_, index) => visitAll(stage, index))]);
  exchange.faults.clear();
  const owedBefore = exchange.now() + venue.calmMs - 2000;
  await pause(venue.calmMs);
  const recoveryMs = await served(stage, owedBefore);
  return { owedBefore, recoveryMs, ...slept };
}

function leap(exchange: FakeExchange): number {
  exchange.clock.jump(HOUR);
  return exchange.now();
}

/** Waits until all are served; how long that took, ms. */
async function served(stage: Stage, owedBefore: number): Promise<number> {
  const start = performance.now();
  const waited = () => performance.now() - start;
  while (waited() < stage.venue.longestRecoveryMs && leftBehind(stage, owedBefore).length > 0) await pause(100);
  return waited();
}

interface Moment {
  readonly before: number;
  readonly lengthMs: number;
}

/** Longer than the longest hole, in candles. */
const LOOK_BACK = 50;

/** Those who stayed and lack a candle that closed before a time. */
function leftBehind({ exchange, visits, venue }: Stage, owedBefore: number): readonly Visit[] {
  const lastOwed = new Map<string, number>();
  return visits.all.filter((visit) => {
    const { symbol } = visit.series;
    const owed = lastOwed.get(symbol) ?? lastCloseOf(exchange, visit.series, { before: owedBefore, ...venue });
    lastOwed.set(symbol, owed);
    return !isServed(visit, owed);
  });
}

/** When the last candle closed that closed before a time and that the market does not lack. */
function lastCloseOf(exchange: FakeExchange, series: SeriesKey, { before, lengthMs }: Moment): number {
  const candles = exchange.candles(series, before - LOOK_BACK * lengthMs, before);
  return (candles.findLast(({ closeTime }) => closeTime < before)?.closeTime ?? -1) + 1;
}

/** Of series that were left behind: what was asked of REST last. */
function cluesAbout(stage: Stage, owedBefore: number): readonly string[] {
  const behind = leftBehind(stage, owedBefore).map(({ series: { symbol } }) => symbol);
  const clock = (time = NaN) => (Number.isNaN(time) ? '' : new Date(time).toISOString().slice(11, 23));
  return [...new Set(behind)].map((wanted) => {
    const asked = stage.exchange.stats.klines.filter(({ symbol }) => symbol === wanted).slice(-12);
    const lines = asked.map(
      ({ at, startTime, endTime, limit, rows }) =>
        `\n  ${clock(at)} ${clock(startTime)}–${clock(endTime)} limit ${limit}: ${rows} rows`,
    );
    return `${wanted} is left behind; last asked:${lines.join('')}`;
  });
}

function summaryOf({ exchange, visits }: Stage): string {
  const candles = visits.all.flatMap(({ got }) => got.map(({ source }) => source));
  const count = (source: string) => candles.filter((other) => other === source).length;
  const requests = [...exchange.stats.requests.values()].reduce((sum, { count: times }) => sum + times, 0);
  return (
    `${visits.all.length} subscriptions, ${candles.length} candles (${count('stream')} stream, ${count('backfill')} backfill, ` +
    `${count('history')} history), ${exchange.stats.connectionsEver} connections, ${requests} requests`
  );
}
