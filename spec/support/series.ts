import type { Candle } from '../../src/core/candle.ts';
import type { Answer, RejectedRow } from '../../src/core/evidence.ts';
import { EVIDENCE } from '../../src/core/missing-rules.ts';
import { step } from '../../src/core/series.ts';
import {
  startSeries,
  type SeriesEvent,
  type SeriesOutput,
  type SeriesRules,
  type SeriesState,
} from '../../src/core/series-state.ts';
import { candle } from './candle.ts';

const MINUTE = 60_000;

/** Futures: a late close is asked for 4 s after its close time, a row may change for 2 s. */
export const RULES: SeriesRules = { interval: '1m', graceMs: 4000, settleMs: 2000, evidence: EVIDENCE, warmUp: false };

/** ms of a time of day: `10:59.999`, or `1:10:04` with hours. */
export function ms(time: string): number {
  return time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0) * 1000;
}

/** `10:59.999` of ms; what is not a moment by its word. */
export function clock(time: number): string {
  if (!Number.isFinite(time)) return 'never';
  const seconds = String(Math.floor(time / 1000) % 60).padStart(2, '0');
  const rest = time % 1000 === 0 ? '' : `.${String(time % 1000).padStart(3, '0')}`;
  return `${String(Math.floor(time / MINUTE))}:${seconds}${rest}`;
}

/** One output in words, candles and open times by their minute. */
export function say(output: SeriesOutput): string {
  switch (output.kind) {
    case 'deliver':
      return `deliver ${minute(output.candle.timestamp)}`;
    case 'read':
      return `read ${minute(output.from)} to before ${minute(output.before)}${output.doubtful ? ', in doubt' : ''}`;
    case 'gap opened':
      return `gap ${range(output)} opened (${output.reason})${output.waitedMs > 0 ? ` ${String(output.waitedMs)} ms ago` : ''}`;
    case 'gap filled':
      return `gap ${range(output)} filled after ${String(output.durationMs)} ms`;
    case 'missing':
      return `missing ${range(output)}${output.reason === 'absent' ? '' : ` (${output.reason})`}`;
    case 'rejected':
      return `rejected ${minute(output.row.timestamp)} (${output.row.reason})`;
    case 'rescued':
      return `rescued ${minute(output.timestamp)}, ${String(output.lateMs)} ms late`;
    case 'silent':
      return `silent since ${minute(output.since)}`;
    default:
      return output.kind;
  }
}

const minute = (time: number) => String(time / MINUTE);
const range = ({ from, to }: { from: number; to: number }) => `${minute(from)}–${minute(to)}`;

/** The stream closes the candle of a minute. */
export const closed = (at: number, changes: Partial<Candle> = {}): SeriesEvent => ({
  kind: 'closed',
  candle: candle(at, changes),
});

/** A row of a minute of which no candle can be made. */
export const oddRow = (at: number, row: readonly unknown[] = ['-1']): RejectedRow => ({
  timestamp: at * MINUTE,
  row: [at * MINUTE, ...row],
  reason: 'odd',
});

/** REST answers; by default sent 100 ms before it is heard, about everything up to the minute after the last row. */
export function answered(
  rows: readonly (number | Candle)[],
  heardAt: string,
  changes: Partial<Answer> = {},
): SeriesEvent {
  const receivedAtLocal = ms(heardAt);
  const sentAtLocal = receivedAtLocal - 100;
  const candles = rows.map((row) => (typeof row === 'number' ? candle(row, { source: 'backfill' }) : row));
  const before = (candles.at(-1)?.closeTime ?? Number.MAX_SAFE_INTEGER - 1) + 1;
  const times = { sentAt: sentAtLocal, sentAtLocal, receivedAtLocal };
  return { kind: 'answer', answer: { rows: candles, rejected: [], from: 0, before, ...times, ...changes } };
}

export const LIVE: SeriesEvent = { kind: 'live' };
export const LOST: SeriesEvent = { kind: 'lost' };
export const WAKE: SeriesEvent = { kind: 'wake' };
export const FAILED: SeriesEvent = { kind: 'failed', reason: 'REST: timeout' };

/** A series that waits for the candle of minute 10, with what has happened since, each at its moment. */
export function series(
  happened: readonly (readonly [at: string, event: SeriesEvent])[] = [],
  { rules = {}, until = Infinity }: { rules?: Partial<SeriesRules>; until?: number } = {},
): SeriesState {
  const start = startSeries({ ...RULES, ...rules }, 10 * MINUTE, until * MINUTE);
  return happened.reduce((state, [at, event]) => happens(state, event, at).state, start);
}

/** What a series does when something happens at a moment of the exchange's clock, which ours follows exactly. */
export function happens(state: SeriesState, event: SeriesEvent, at: string, uncertaintyMs = 0) {
  const now = ms(at);
  const {
    state: after,
    outputs,
    wakeAt,
  } = step(state, event, { exchange: now, atLeast: now - uncertaintyMs, local: now });
  return { state: after, outputs, does: outputs.map(say), wakeAt: clock(wakeAt) };
}
