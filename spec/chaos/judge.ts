import { sameCandle } from '../../src/core/candle.ts';
import { SHORTEST_LENGTH_MS } from '../../src/core/interval.ts';
import { openTimeAt, type Candle, type CandleClosed, type CandleMissing, type RowRejected } from '../../src/index.ts';
import type { Truth } from './truth.ts';
import type { SeriesKey, Visit } from './visits.ts';

export interface Case {
  readonly truth: Truth;
  readonly visits: readonly Visit[];
  readonly missing: readonly CandleMissing[];
  readonly rejected: readonly RowRejected[];
  readonly closed: readonly CandleClosed[];
  /** Whoever stayed must have every candle that closed before this, exchange time. */
  readonly owedBefore: number;
  /** How far off the feed's idea of the exchange's clock may be at `subscribe`, ms. */
  readonly clockErrorMs: number;
  /**
   * Exchange time after a jump of its clock by an hour, if there was one: our machine slept, and knows it only when the
   * exchange can be reached again. Who subscribes in between may get the hour before too.
   */
  readonly wokeAt: number;
}

const HOUR = 3_600_000;

/** Everything that breaks the promise, in words. */
export function complaintsAbout(trial: Case): readonly string[] {
  return [
    ...trial.visits.flatMap((visit) => aboutVisit(trial, visit).map((complaint) => `${nameOf(visit)}: ${complaint}`)),
    ...aboutBus(trial.closed),
    ...aboutMissing(trial),
  ];
}

/** Whether everybody who stayed has what is owed. */
export function isServed({ got, leftAt }: Visit, owedBefore: number): boolean {
  const last = got.at(-1);
  return leftAt < Infinity || (last !== undefined && last.closeTime + 1 >= owedBefore);
}

function nameOf({ series, options, subscribedAt }: Visit): string {
  return `${keyOf(series)} ${JSON.stringify(options)} from ${clockText(subscribedAt)}`;
}

function aboutVisit(trial: Case, visit: Visit): readonly string[] {
  const complaints = [...aboutValues(trial, visit), ...aboutOrder(trial, visit)];
  if (visit.end !== undefined) complaints.push(visit.end);
  return complaints;
}

function aboutValues({ truth }: Case, { series, got, early, undrawable }: Visit): readonly string[] {
  const wrong = got.flatMap((candle) => {
    const right = truth.candleAt(series, candle.timestamp);
    if (right === undefined) return [`${clockText(candle.timestamp)} does not exist`];
    const isRight = sameCandle(right, candle) && right.venue === candle.venue && right.symbol === candle.symbol;
    return isRight && right.interval === candle.interval
      ? []
      : [`${clockText(candle.timestamp)} is wrong (${candle.source})`];
  });
  return [
    ...wrong,
    ...early.map(({ timestamp }) => `${clockText(timestamp)} came before its close`),
    ...undrawable.map(({ timestamp }) => `a chart cannot draw ${clockText(timestamp)}`),
  ];
}

/** Nothing missing, doubled or out of order, for one of the candles that may have been running at `subscribe`. */
function aboutOrder(trial: Case, visit: Visit): readonly string[] {
  const complaints = marksOf(trial, visit).map((mark) => difference(trial, visit, mark));
  return complaints.includes(undefined) ? [] : [complaints[0] ?? 'no mark'];
}

function marksOf({ clockErrorMs, wokeAt }: Case, { series: { interval }, subscribedAt }: Visit): readonly number[] {
  const openTime = (time: number) => openTimeAt(time, interval);
  const [first, right, last] = [-clockErrorMs, 0, clockErrorMs].map((error) => openTime(subscribedAt + error));
  const isDrowsy = subscribedAt >= wokeAt;
  const marks = isDrowsy ? [right, first, last, openTime(subscribedAt - HOUR)] : [right, first, last];
  return [...new Set(marks.map((mark) => mark ?? 0))];
}

function difference(trial: Case, visit: Visit, mark: number): string | undefined {
  const expected = expectedFrom(trial, visit, mark);
  const { got } = visit;
  const at = got.findIndex(({ timestamp }, index) => timestamp !== expected[index]?.timestamp);
  if (at >= 0)
    return `candle ${at} of ${got.length} is ${clockText(got[at]?.timestamp)} (${String(got[at]?.source)}), expected ${clockText(expected[at]?.timestamp)}`;
  const owed = visit.leftAt < Infinity ? 0 : expected.filter(({ closeTime }) => closeTime < trial.owedBefore).length;
  if (got.length >= owed) return undefined;
  return `ends after ${got.length} of ${owed} candles, next ${clockText(expected[got.length]?.timestamp)}`;
}

/** Longer than all holes of a run together, in candles. */
const MOST_HOLES = 400;

function expectedFrom({ truth }: Case, { series, options, leftAt }: Visit, mark: number): readonly Candle[] {
  const { history = 0, since } = options;
  const end = Math.min(leftAt, truth.now);
  const after = since === undefined ? mark : Number(since) + 1;
  const live = truth.candles(series, after, end);
  if (history === 0) return live;
  const warmUpEnd = Math.min(mark, after);
  const from = warmUpEnd - (history + MOST_HOLES) * SHORTEST_LENGTH_MS[series.interval] - truth.pausedMs(series);
  return [...truth.candles(series, from, warmUpEnd).slice(-history), ...live];
}

/** CANDLE_CLOSED comes once per candle, in rising open time. */
function aboutBus(closed: readonly CandleClosed[]): readonly string[] {
  const last = new Map<string, number>();
  return closed.flatMap(({ candle }) => {
    const before = last.get(keyOf(candle)) ?? 0;
    last.set(keyOf(candle), candle.timestamp);
    if (candle.timestamp > before) return [];
    return [`bus: ${keyOf(candle)} ${clockText(candle.timestamp)} after ${clockText(before)}`];
  });
}

/** CANDLE_MISSING names what the exchange lacks within what somebody got, each open time once, and nothing else. */
function aboutMissing(trial: Case): readonly string[] {
  const bySeries = new Map(trial.visits.map(({ series }) => [keyOf(series), series]));
  return [...bySeries.values()].flatMap((series) => aboutMissingOf(trial, series));
}

function aboutMissingOf(trial: Case, series: SeriesKey): readonly string[] {
  const { truth, visits, missing } = trial;
  const own = visits.filter((visit) => keyOf(visit.series) === keyOf(series));
  const passed = new Set(own.flatMap((visit) => passedOver(truth, visit)));
  const reasons = new Map<number, string>();
  const complaints: string[] = [];
  for (const { from, to, reason } of missing.filter((range) => keyOf(range) === keyOf(series)))
    for (const slot of truth.slots(series, { from, before: to + 1 })) {
      const why = truth.lacks(series, slot) ?? 'there';
      if (why !== reason) complaints.push(`${clockText(slot)} is told missing, ${reason}, and is ${why}`);
      if (reasons.has(slot)) complaints.push(`${clockText(slot)} is told missing twice`);
      reasons.set(slot, reason);
    }
  const untold = [...passed].filter((slot) => !reasons.has(slot));
  const rejected = [...reasons].filter(([, reason]) => reason === 'rejected').map(([slot]) => slot);
  return [
    ...complaints,
    ...untold.map((slot) => `${clockText(slot)} is missing and nobody was told`),
    ...aboutRejected(trial, series, rejected),
  ].map((complaint) => `${keyOf(series)}: ${complaint}`);
}

/** ROW_REJECTED tells each spoiled row once, and none else. */
function aboutRejected({ rejected }: Case, series: SeriesKey, slots: readonly number[]): readonly string[] {
  const told = rejected.filter((row) => keyOf(row) === keyOf(series)).map(({ timestamp }) => timestamp);
  return [
    ...told
      .filter((time) => !slots.includes(time))
      .map((time) => `${clockText(time)} is rejected and not told missing`),
    ...told.filter((time, at) => told.indexOf(time) < at).map((time) => `${clockText(time)} is rejected twice`),
    ...slots
      .filter((slot) => !told.includes(slot))
      .map((slot) => `${clockText(slot)} is missing and its row was not told`),
  ];
}

/** Slots between two candles of one subscription that brought none. */
function passedOver(truth: Truth, { got, series }: Visit): readonly number[] {
  return got.flatMap(({ timestamp }, index) => {
    const following = got[index + 1];
    if (following === undefined) return [];
    const [first, last] = [timestamp, following.timestamp].map((time) => openTimeAt(time, series.interval));
    const between = truth.slots(series, { from: (first ?? 0) + 1, before: last ?? 0 });
    return between.filter((slot) => slot !== first);
  });
}

function keyOf({ symbol, interval }: Pick<SeriesKey, 'symbol' | 'interval'>): string {
  return `${symbol} ${interval}`;
}

function clockText(time: number | undefined): string {
  return time === undefined ? 'nothing' : new Date(time).toISOString().slice(11, 23);
}
