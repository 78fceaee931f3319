import { sameCandle } from '../../src/core/candle.ts';
import { closeTimeOf, nextOpenTime } from '../../src/core/interval.ts';
import type { SimFeed, Subscriber } from './sim-feed.ts';
import { openTimesOf } from './sim-feed.ts';
import type { Series } from './sim-truth.ts';

export interface Tolerance {
  /** How far off the feed's idea of the exchange's clock may be at `subscribe`, ms. */
  readonly clockErrorMs: number;
  /** A candle that closed this long before the end must have come, ms. */
  readonly tailMs: number;
}

/** Everything about a run that breaks the promise, in words. */
export function complaintsAbout(sim: SimFeed, tolerance: Tolerance): readonly string[] {
  return [
    ...sim.exchange.rest.violations.map((violation) => `REST: ${violation}`),
    ...sim.subscribers.flatMap((subscriber) => aboutSubscriber(sim, subscriber, tolerance)),
    ...aboutBus(sim, tolerance),
    ...aboutMissing(sim),
    ...aboutRejected(sim),
  ];
}

/** What is left behind once everybody has gone and some seconds have passed. */
export function leftovers(sim: SimFeed): readonly string[] {
  const { time, stream, rest } = sim.exchange;
  const left = [];
  if (time.local.actions.length > 0) left.push(`${String(time.local.actions.length)} scheduled actions`);
  if (stream.open.length > 0) left.push(`${String(stream.open.length)} open sessions`);
  if (rest.inFlight > 0) left.push(`${String(rest.inFlight)} requests in flight`);
  return left;
}

function aboutSubscriber(sim: SimFeed, subscriber: Subscriber, tolerance: Tolerance): readonly string[] {
  const name = `${subscriber.symbol} ${subscriber.interval} ${JSON.stringify(subscriber.options)} from ${clockText(subscriber.subscribedAt)}`;
  const complaints = [...aboutSequence(sim, subscriber, tolerance), ...aboutValues(sim, subscriber, tolerance)];
  complaints.push(...subscriber.undrawable.map((update) => `a chart cannot draw ${update}`));
  if (subscriber.error instanceof Error) complaints.push(`error: ${subscriber.error.message}`);
  return complaints.map((complaint) => `${name}: ${complaint}`);
}

function aboutSequence(sim: SimFeed, subscriber: Subscriber, { clockErrorMs, tailMs }: Tolerance): readonly string[] {
  const { symbol, interval } = subscriber;
  const got = openTimesOf(subscriber);
  const end = Math.min(sim.now, subscriber.leftAt);
  const all = sim.exchange.truth.openTimes({ symbol, interval }, 0, end);
  let first: string | undefined;
  for (const mark of marksOf(sim, subscriber, clockErrorMs)) {
    const expected = expectedFrom(subscriber, { mark, all });
    const closeOf = (time: number) => sim.exchange.truth.candle({ symbol, interval }, time)?.closeTime ?? Infinity;
    const due = expected.filter((time) => Math.max(closeOf(time), closeTimeOf(time, interval)) + tailMs < end);
    const complaint = difference(got, expected, isOwed(subscriber, mark, due) ? due.length : 0);
    if (complaint === undefined) return [];
    first ??= complaint;
  }
  return [first ?? 'no mark'];
}

/** Which candles are the last n before the mark is known only once a later one shows that no other is to come. */
function isOwed({ leftAt, options }: Subscriber, mark: number, due: readonly number[]): boolean {
  return leftAt === Infinity && (options.history === undefined || (due.at(-1) ?? -Infinity) >= mark);
}

/** Candles that may have been running at `subscribe`; the one that was comes first. */
function* marksOf(
  sim: SimFeed,
  { symbol, interval, subscribedAt }: Subscriber,
  clockErrorMs: number,
): Generator<number> {
  const { truth } = sim.exchange;
  yield truth.openTimeAt(subscribedAt, interval);
  const last = truth.openTimeAt(subscribedAt + clockErrorMs, interval);
  let mark = truth.openTimeAt(subscribedAt - clockErrorMs, interval);
  for (; mark <= last; mark = nextOpenTime(mark, interval))
    yield* [mark, ...endsWithin(sim, mark, { symbol, interval })];
}

/** Where candles that were cut short ended within a slot: who came behind one came when another was to be expected. */
function endsWithin({ exchange: { truth } }: SimFeed, slot: number, series: Series): readonly number[] {
  const ends = truth.rowTimes(series, slot).map((time) => (truth.candle(series, time)?.closeTime ?? Infinity) + 1);
  return ends.filter((end) => end < nextOpenTime(slot, series.interval));
}

function expectedFrom(
  { options: { history = 0, since } }: Subscriber,
  { mark, all }: { mark: number; all: readonly number[] },
): readonly number[] {
  const after = since === undefined ? mark : Number(since) + 1;
  const past = all.filter((time) => time < Math.min(mark, after));
  return [...past.slice(Math.max(0, past.length - history)), ...all.filter((time) => time >= after)];
}

/** Undefined when what came is the beginning of what was expected, and at least what was owed. */
function difference(got: readonly number[], expected: readonly number[], owed: number): string | undefined {
  const at = got.findIndex((time, index) => time !== expected[index]);
  if (at >= 0) return `candle ${String(at)} is ${clockText(got[at])}, expected ${clockText(expected[at])}`;
  if (got.length >= owed) return undefined;
  return `ends after ${String(got.length)} of ${String(owed)} candles, next ${clockText(expected[got.length])}`;
}

function aboutValues(
  sim: SimFeed,
  { got, symbol, interval, subscribedAt, options: { since } }: Subscriber,
  { clockErrorMs }: Tolerance,
): readonly string[] {
  return got.flatMap(({ candle, at }) => {
    const name = `${clockText(candle.timestamp)} (${candle.source})`;
    const right = sim.exchange.truth.candle({ symbol, interval }, candle.timestamp);
    const complaints = [];
    if (right === undefined) complaints.push(`${name} does not exist`);
    else if (!sameCandle(right, candle)) complaints.push(`${name} has wrong values`);
    if (at <= candle.closeTime) complaints.push(`${name} came ${String(candle.closeTime - at)} ms before its close`);
    const slotEnd = closeTimeOf(sim.exchange.truth.openTimeAt(candle.timestamp, interval), interval);
    const wasPast = Math.min(candle.closeTime, slotEnd) <= subscribedAt + clockErrorMs;
    if (candle.source === 'history' && !wasPast) complaints.push(`${name} is no history`);
    if (since !== undefined && (candle.source === 'history') !== candle.timestamp <= Number(since))
      complaints.push(`${name} is said to be history or not, and since says otherwise`);
    return complaints;
  });
}

/** CANDLE_CLOSED: rising, each once, and nothing else than what subscribers of the live series got. */
function aboutBus(sim: SimFeed, { clockErrorMs }: Tolerance): readonly string[] {
  const last = new Map<string, number>();
  return sim.of('CANDLE_CLOSED').flatMap(({ symbol, interval, candle }) => {
    const key = `${symbol} ${interval}`;
    const before = last.get(key) ?? -Infinity;
    last.set(key, candle.timestamp);
    // Where somebody came when the series had just been left, his candle may have closed by then for all we know.
    const isGuess = sim.subscribers.some(({ subscribedAt }) => isNear(subscribedAt, candle.closeTime, clockErrorMs));
    return candle.timestamp > before || isGuess
      ? []
      : [`bus: ${key} ${clockText(candle.timestamp)} after ${clockText(before)}`];
  });
}

function isNear(time: number, other: number, distance: number): boolean {
  return Math.abs(time - other) <= distance;
}

function aboutMissing(sim: SimFeed): readonly string[] {
  const told = new Map<string, Set<number>>();
  const complaints: string[] = [];
  for (const { symbol, interval, from, to, reason } of sim.of('CANDLE_MISSING')) {
    if (from > to) complaints.push(`${symbol} is told missing from ${clockText(from)} to ${clockText(to)}`);
    const key = `${symbol} ${interval}`;
    const times = told.get(key) ?? new Set();
    told.set(key, times);
    for (let time = from; time <= to; time = nextOpenTime(time, interval)) {
      const why = sim.exchange.truth.lacks({ symbol, interval }, time);
      if (sim.exchange.truth.openTimeAt(time, interval) !== time)
        complaints.push(`${key} ${clockText(time)} is told missing and is not on the grid`);
      if (why !== reason)
        complaints.push(`${key} ${clockText(time)} is told missing, ${reason}, and is ${why ?? 'there'}`);
      if (times.has(time)) complaints.push(`${key} ${clockText(time)} is told missing twice`);
      times.add(time);
    }
  }
  return [...complaints, ...sim.subscribers.flatMap((subscriber) => untold(sim, subscriber, told))];
}

/** ROW_REJECTED: each row once, of the slots that are told missing for it. */
function aboutRejected(sim: SimFeed): readonly string[] {
  const told = new Set<string>();
  const complaints: string[] = [];
  for (const { symbol, interval, timestamp } of sim.of('ROW_REJECTED')) {
    const row = `${symbol} ${interval} ${String(timestamp)}`;
    if (sim.exchange.truth.lacks({ symbol, interval }, timestamp) !== 'rejected')
      complaints.push(`${symbol} ${clockText(timestamp)} is told rejected and is not`);
    if (told.has(row)) complaints.push(`${symbol} ${clockText(timestamp)} is told rejected twice`);
    told.add(row);
  }
  for (const { symbol, interval, from, to, reason } of sim.of('CANDLE_MISSING'))
    for (let time = from; reason === 'rejected' && time <= to; time = nextOpenTime(time, interval))
      if (!told.has(`${symbol} ${interval} ${String(time)}`))
        complaints.push(`${symbol} ${clockText(time)} is rejected and nobody was told why`);
  return complaints;
}

/** Holes between two candles of one subscription that nobody was told of. */
function untold(
  { exchange: { truth } }: SimFeed,
  subscriber: Subscriber,
  told: ReadonlyMap<string, ReadonlySet<number>>,
): readonly string[] {
  const { symbol, interval, got } = subscriber;
  const series: Series = { symbol, interval };
  const times = told.get(`${symbol} ${interval}`);
  const [first, last] = [got[0]?.candle.timestamp, got.at(-1)?.candle.timestamp];
  if (first === undefined || last === undefined) return [];
  const complaints = [];
  for (let time = truth.openTimeAt(first, interval); time < last; time = nextOpenTime(time, interval))
    if (truth.lacks(series, time) !== undefined && times?.has(time) !== true)
      complaints.push(`${symbol} ${clockText(time)} is missing and nobody was told`);
  return complaints;
}

function clockText(time: number | undefined): string {
  return time === undefined
    ? 'nothing'
    : Number.isFinite(time)
      ? new Date(time).toISOString().slice(8, 23)
      : String(time);
}
