import { spoil } from './faults.ts';
import { PAUSED, seriesOf, SYMBOLS, type Stage } from './stage.ts';
import type { Odds } from './truth.ts';

/** Closes under faults for which the places below are given. */
const CLOSES = 25;

/** What is odd about the markets of a run: rows that can be no candle, and a pause. */
export function oddsOf(stage: Stage): Odds {
  return { spoiled: SYMBOLS.flatMap((_, index) => spoilRows(stage, index)), pauses: [pauseMarket(stage)] };
}

/** Every fourth market lacks some candles that are still to come, and some of the past. */
export function digHoles(stage: Stage, index: number): void {
  if (index % 4 !== 1) return;
  const { exchange, random } = stage;
  const { lengthMs } = stage.venue;
  const series = seriesOf(stage, index);
  const lengths = [1, 1 + Math.floor(4 * random()), index % 8 === 1 ? 12 : 2];
  const places = [-200 * random(), 4 + 6 * random(), 15 + 8 * random()];
  places.forEach((place, at) => {
    const from = slotAt(stage, index, place);
    const length = Math.max(1, Math.floor((lengths[at] ?? 1) * closesShare(stage)));
    exchange.faults.market.hole({ ...series, from, before: from + length * lengthMs });
  });
}

/** Every fourth market has odd rows, some of which can be no candle; those are returned. */
function spoilRows(stage: Stage, index: number): Odds['spoiled'] {
  if (index % 4 !== 2) return [];
  const { exchange, random, venue } = stage;
  const places = [-120 * random(), -40 * random(), 3, 4, 8 + 2 * random(), 12 + 4 * random(), 18 + 4 * random()];
  const series = seriesOf(stage, index);
  const slots = [...new Set(places.map((place) => slotAt(stage, index, place)))];
  return slots
    .filter((openTime) => !spoil(exchange.faults, { series, openTime, venue }, random))
    .map((openTime) => ({ ...series, openTime }));
}

/** One market had no candle for months, until shortly before the run. */
function pauseMarket({ exchange, random, venue }: Stage): Odds['pauses'][number] {
  const series = seriesOf({ venue }, PAUSED);
  const before = exchange.openTimeNow(series) - venue.lengthMs * Math.floor(1 + 60 * random());
  const pause = { ...series, from: before - venue.pauseMs, before };
  exchange.faults.market.pause(pause);
  return pause;
}

/** The open time at a place: of the past in candles, of what is to come in candles of a run of 25. */
function slotAt(stage: Stage, index: number, place: number): number {
  const start = stage.exchange.openTimeNow(seriesOf(stage, index));
  return start + stage.venue.lengthMs * Math.floor(place < 0 ? place : place * closesShare(stage));
}

function closesShare({ venue: { faultyMs, lengthMs } }: Stage): number {
  return Math.ceil(faultyMs / lengthMs) / CLOSES;
}
