import { sameCandle } from '../../src/core/candle.ts';
import { SHORTEST_LENGTH_MS } from '../../src/core/interval.ts';
import { nextOpenTime, openTimeAt, type Candle, type CandleClosed, type CandleMissing } from '../../src/index.ts';
import type { Truth } from './truth.ts';
import type { SeriesKey, Visit } from './visits.ts';

export interface Case {
  readonly truth: Truth;
  readonly visits: readonly Visit[];
  readonly missing: readonly CandleMissing[];
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
  const from = warmUpEnd - (history + MOST_HOLES) * SHORTEST_LENGTH_MS[series.interval];
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

function aboutMissingOf({ truth, visits, missing }: Case, series: SeriesKey): readonly string[] {
  const told = missing.filter((range) => keyOf(range) === keyOf(series)).flatMap((range) => openTimes(range));
  const lacking = (time: number) => truth.candleAt(series, time) === undefined;
  const own = visits.filter((visit) => keyOf(visit.series) === keyOf(series));
  const passed = new Set(own.flatMap((visit) => passedOver(visit)));
  return [
    ...told.filter((time) => !lacking(time)).map((time) => `${clockText(time)} is told missing and exists`),
    ...told.filter((time, index) => told.indexOf(time) < index).map((time) => `${clockText(time)} is told missing twice`),
    ...[...passed].filter((time) => !told.includes(time)).map((time) => `${clockText(time)} is missing and nobody was told`),
  ].map((complaint) => `${keyOf(series)}: ${complaint}`); // prettier-ignore
}

/** Open times between two candles of one subscription that brought none. */
function passedOver({ got, series: { interval } }: Visit): readonly number[] {
  return got.flatMap(({ closeTime }, index) => {
    const following = got[index + 1];
    if (following === undefined) return [];
    return openTimes({ from: closeTime + 1, to: following.timestamp - 1, interval });
  });
}

function keyOf({ symbol, interval }: Pick<SeriesKey, 'symbol' | 'interval'>): string {
  return `${symbol} ${interval}`;
}

function openTimes({ from, to, interval }: Pick<CandleMissing, 'from' | 'to' | 'interval'>): readonly number[] {
  const times = [];
  for (let time = from; time <= to; time = nextOpenTime(time, interval)) times.push(time);
  return times;
}

function clockText(time: number | undefined): string {
  return time === undefined ? 'nothing' : new Date(time).toISOString().slice(11, 23);
}
