import { setTimeout as pause } from 'node:timers/promises';
import { createFeed, type CandleClosed, type CandleMissing, type Feed, type RowRejected } from '../../src/index.ts';
import { startFakeExchange, type FakeExchange, type FakeSymbol } from '../../src/testing/index.ts';
import { createRandom } from '../../src/testing/market/random.ts';
import { chaosOf, spoil } from './faults.ts';
import { complaintsAbout, isServed } from './judge.ts';
import { RequestWatch } from './requests.ts';
import { Truth, type Odds } from './truth.ts';
import { Visits, type SeriesKey, type Visit } from './visits.ts';

export interface ChaosOptions {
  readonly venue: ChaosVenue;
  readonly seed: number;
  /** How long faults last, and how long it is calm after them at least. */
  readonly faultyMs: number;
  readonly calmMs: number;
}

export interface ChaosReport {
  readonly complaints: readonly string[];
  readonly limitBreaks: readonly string[];
  readonly mostInFlight: number;
  readonly impatient: readonly string[];
  readonly connectionsLeft: number;
  /** What the run was, for those who read along. */
  readonly summary: string;
}

/** Venues that have candles of a second, and how their symbols are spelt. */
const SPELLINGS = {
  'binance-spot': (name: string) => `${name}USDT`,
  okx: (name: string) => `${name}-USDT`,
} as const;
export type ChaosVenue = keyof typeof SPELLINGS;

const HOUR = 3_600_000;
/** OKX keeps candles of a second for three months. */
const PAUSE_MS = { 'binance-spot': 150 * 24 * HOUR, okx: 60 * 24 * HOUR } as const;
/** The market that was paused. */
const PAUSED = 15;
/** Faults that leave the client waiting on purpose (back-off, bans, half-open peers) may cost this much after they end, ms; OKX
 * answers ten requests a second, and where rows are left out some thirty of them find the first candle of a series. */
const LONGEST_RECOVERY_MS = { 'binance-spot': 45_000, okx: 150_000 } as const;

/** Thirty series; every third one of a thin market. */
const SYMBOLS: readonly FakeSymbol[] = Array.from({ length: 30 }, (_, index) => ({
  symbol: `${String.fromCharCode(65 + (index % 26))}${String.fromCharCode(65 + (index % 7))}${index}`,
  ...(index % 3 === 0 && { emptySeconds: [0.3, 0.9][index % 2] ?? 0 }),
  ...(index % 10 === 0 && { emptyMinutes: 0.5 }),
}));

interface Stage {
  readonly exchange: FakeExchange;
  readonly feed: Feed;
  readonly visits: Visits;
  readonly random: () => number;
  readonly options: ChaosOptions;
}

/** The whole feed over real sockets with every fault at once, and what of the promise did not survive it. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const random = createRandom(options.seed);
  const exchange = await startExchange(options, random);
  const requests = new RequestWatch(exchange.endpoints().rest);
  const feed = startFeed(exchange, options.venue, random);
  const visits = new Visits(feed, exchange);
  const events = {
    missing: [] as CandleMissing[],
    rejected: [] as RowRejected[],
    closed: [] as CandleClosed[],
  };
  feed.bus.on('CANDLE_MISSING').subscribe((event) => events.missing.push(event));
  feed.bus.on('ROW_REJECTED').subscribe((event) => events.rejected.push(event));
  feed.bus.on('CANDLE_CLOSED').subscribe((event) => events.closed.push(event));
  const stage = { exchange, feed, visits, random, options };
  const odds = { spoiled: SYMBOLS.flatMap((_, index) => spoilRows(stage, index)), pauses: [pauseMarket(stage)] };
  const { owedBefore, wokeAt } = await play(stage);
  const complaints = complaintsAbout({
    ...events,
    truth: new Truth(exchange, odds),
    visits: visits.all,
    owedBefore,
    wokeAt,
    clockErrorMs: 250,
  });
  const summary = [`${summaryOf(stage)}, told to wait ${requests.told} times`, ...cluesAbout(stage, owedBefore)].join(
    '\n',
  );
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
function startExchange({ venue, seed }: ChaosOptions, random: () => number): Promise<FakeExchange> {
  return startFakeExchange({
    venues: [venue],
    seed,
    symbols: { [venue]: SYMBOLS.map((symbol) => ({ ...symbol, symbol: SPELLINGS[venue](symbol.symbol) })) },
    startAt: Date.UTC(2026, 0, 5) + Math.floor(random() * 24 * HOUR),
    driftPpm: 400 * (random() - 0.5),
    pushEmptyCloses: seed % 2 === 0,
    maxAgeMs: 12_000 + 13_000 * random(),
    errorForm: random() < 0.5 ? 'nested' : 'flat',
  });
}

function startFeed(exchange: FakeExchange, venue: ChaosVenue, random: () => number): Feed {
  return createFeed({
    venue,
    endpoints: exchange.endpoints(),
    reconnect: { initialDelayMs: 200, maxDelayMs: 2000, maxRetries: Infinity },
    silenceMs: 4000,
    restTimeoutMs: 3000,
    rotateAfterMs: 5000 + Math.floor(6000 * random()),
    logLevel: 'silent',
  });
}

async function play(stage: Stage): Promise<{ owedBefore: number; wokeAt: number }> {
  const { exchange, visits, random, options } = stage;
  SYMBOLS.forEach((_, index) => digHoles(stage, index));
  const startNow = options.seed % 3 === 0;
  const startFaults = () =>
    exchange.faults.random({ seed: options.seed, everyMs: 300, faults: chaosOf(options.venue) });
  if (startNow) startFaults();
  else setTimeout(startFaults, 1500);
  const slept = { wokeAt: Infinity };
  if (options.seed % 4 === 0) setTimeout(() => { slept.wokeAt = leap(exchange); }, options.faultyMs * (0.3 + 0.3 * random())); // prettier-ignore
  await Promise.all([pause(options.faultyMs), ...SYMBOLS.map((_, index) => visitAll(stage, index))]);
  exchange.faults.clear();
  const owedBefore = exchange.now() + options.calmMs - 2000;
  await pause(options.calmMs);
  await served(visits.all, { owedBefore, withinMs: LONGEST_RECOVERY_MS[options.venue] });
  return { owedBefore, ...slept };
}

function leap(exchange: FakeExchange): number {
  exchange.clock.jump(HOUR);
  return exchange.now();
}

async function served(visits: readonly Visit[], { owedBefore, withinMs }: { owedBefore: number; withinMs: number }) {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline && !visits.every((visit) => isServed(visit, owedBefore))) await pause(100);
}

function seriesOf({ options: { venue } }: Pick<Stage, 'options'>, index: number): SeriesKey {
  return { venue, symbol: SPELLINGS[venue](SYMBOLS[index]?.symbol ?? ''), interval: '1s' };
}

/** Every fourth market lacks some candles that are still to come, and some of the past. */
function digHoles(stage: Stage, index: number): void {
  if (index % 4 !== 1) return;
  const { exchange, random } = stage;
  const series = seriesOf(stage, index);
  const start = exchange.openTimeNow(series);
  const lengths = [1, 1 + Math.floor(4 * random()), index % 8 === 1 ? 12 : 2];
  const places = [-200 * random(), 4 + 6 * random(), 15 + 8 * random()];
  places.forEach((place, at) => {
    const from = start + 1000 * Math.floor(place);
    exchange.faults.market.hole({ ...series, from, before: from + 1000 * (lengths[at] ?? 1) });
  });
}

/** Every fourth market has odd rows, some of which can be no candle; those are returned. */
function spoilRows(stage: Stage, index: number): Odds['spoiled'] {
  if (index % 4 !== 2) return [];
  const { exchange, random } = stage;
  const series = seriesOf(stage, index);
  const start = exchange.openTimeNow(series);
  const places = [-120 * random(), -40 * random(), 3, 4, 8 + 2 * random(), 12 + 4 * random(), 18 + 4 * random()];
  const slots = [...new Set(places.map((place) => start + 1000 * Math.floor(place)))];
  return slots
    .map((openTime) => ({ ...series, openTime }))
    .filter((slot) => !spoil(exchange.faults, { ...slot, lengthMs: 1000 }, random));
}

/** One market had no candle for months, until shortly before the run. */
function pauseMarket(stage: Stage): Odds['pauses'][number] {
  const { exchange, random } = stage;
  const series = seriesOf(stage, PAUSED);
  const before = exchange.openTimeNow(series) - 1000 * Math.floor(1 + 60 * random());
  const pause = { ...series, from: before - PAUSE_MS[stage.options.venue], before };
  exchange.faults.market.pause(pause);
  return pause;
}

/** Who comes and goes on one series: one from the start, one late, one that goes and comes back where it left. */
async function visitAll(stage: Stage, index: number): Promise<void> {
  const { visits, random } = stage;
  const series = seriesOf(stage, index);
  const lateAt = 2000 + 18_000 * random();
  const past = historyOf(stage, index);
  await midSecond(stage);
  if (index % 5 > 0) visits.come(series);
  if (index % 6 === 0) visits.come(series, { history: index }, 'running');
  await Promise.all([comeLate(stage, series, { lateAt, past }), comeAndGo(stage, series)]);
}

interface Late {
  readonly lateAt: number;
  readonly past: { readonly history?: number; readonly back?: number };
}

async function comeLate(stage: Stage, series: SeriesKey, { lateAt, past }: Late): Promise<void> {
  await pause(lateAt);
  await midSecond(stage);
  const { history, back } = past;
  if (history !== undefined) stage.visits.come(series, { history });
  else if (back !== undefined) stage.visits.come(series, { since: stage.exchange.now() - back });
  else stage.visits.come(series);
}

async function comeAndGo(stage: Stage, series: SeriesKey): Promise<void> {
  const { visits, random } = stage;
  await pause(6000 * random());
  await midSecond(stage);
  const first = visits.come(series);
  await pause(1000 + 6000 * random());
  visits.leave(first);
  await pause(6000 * random());
  await midSecond(stage);
  const last = first.got.at(-1);
  visits.come(series, last === undefined ? {} : { since: last.timestamp, history: Math.floor(20 * random()) });
}

/** A page and more of history for some, two hours for one, little or nothing for the others. */
function historyOf({ random, options: { venue } }: Stage, index: number): Late['past'] {
  if (index === 7) return { history: 1500 };
  if (index === 8) return { back: 2 * HOUR };
  if (index === PAUSED) return random() < 0.5 ? { history: 300 } : { back: PAUSE_MS[venue] + 300_000 };
  if (index % 3 === 0) return { history: Math.floor(200 * random()) };
  return index % 3 === 1 ? { back: Math.floor(200_000 * random()) } : {};
}

/** In the middle of a second nobody can be in doubt which candle is running. */
async function midSecond({ exchange }: Stage): Promise<void> {
  await pause((1500 - (exchange.now() % 1000)) % 1000);
}

/** Of series that were left behind: what was asked of REST last. */
function cluesAbout({ exchange, visits }: Stage, owedBefore: number): readonly string[] {
  const behind = visits.all.filter((visit) => !isServed(visit, owedBefore)).map(({ series: { symbol } }) => symbol);
  const clock = (time = NaN) => (Number.isNaN(time) ? '' : new Date(time).toISOString().slice(11, 23));
  return [...new Set(behind)].map((wanted) => {
    const asked = exchange.stats.klines.filter(({ symbol }) => symbol === wanted).slice(-12);
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
