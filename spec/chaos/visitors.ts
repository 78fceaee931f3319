import { setTimeout as pause } from 'node:timers/promises';
import { PAUSED, seriesOf, type Stage } from './stage.ts';
import type { SeriesKey } from './visits.ts';

/** Who comes and goes on one series: one from the start, one late, one that goes and comes back where it left. */
export async function visitAll(stage: Stage, index: number): Promise<void> {
  const { visits, random } = stage;
  const series = seriesOf(stage, index);
  const lateAt = tempo(stage) * (2000 + 18_000 * random());
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
  await pause(tempo(stage) * 6000 * random());
  await midSecond(stage);
  const first = visits.come(series);
  await pause(tempo(stage) * (1000 + 6000 * random()));
  visits.leave(first);
  await pause(tempo(stage) * 6000 * random());
  await midSecond(stage);
  const last = first.got.at(-1);
  visits.come(series, last === undefined ? {} : { since: last.timestamp, history: Math.floor(20 * random()) });
}

/** How much slower visitors come and go than in a run of 25 s. */
function tempo({ venue: { faultyMs } }: Stage): number {
  return faultyMs / 25_000;
}

/** A page and more of history for some, two hours of seconds for one, little or nothing for the others. */
function historyOf({ random, venue: { lengthMs, pauseMs } }: Stage, index: number): Late['past'] {
  if (index === 7) return { history: 1500 };
  if (index === 8) return { back: 7200 * lengthMs };
  if (index === PAUSED) return random() < 0.5 ? { history: 300 } : { back: pauseMs + 300 * lengthMs };
  if (index % 3 === 0) return { history: Math.floor(200 * random()) };
  return index % 3 === 1 ? { back: Math.floor(200 * lengthMs * random()) } : {};
}

/** In the middle of a second nobody can be in doubt which candle is running. */
async function midSecond({ exchange }: Stage): Promise<void> {
  await pause((1500 - (exchange.now() % 1000)) % 1000);
}
