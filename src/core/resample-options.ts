import type { EpochMs } from './candle.ts';
import { ResampleError } from './errors.ts';
import type { IncompleteBucket } from './resample.ts';
import { isRecord } from './schema.ts';
import { isTimeWithin, likelyUnitOf } from './time-bounds.ts';

export interface ResampleOptions {
  /**
   * Any open time of the longer candles, ms UTC; 0 is the epoch. Moves the grid of every interval, and is needed for `3d`,
   * whose grid differs by symbol. Months then begin at its day and time of day. Default: where the exchange's own candles
   * open, or the epoch for lengths that it does not have.
   */
  readonly anchor?: EpochMs | undefined;
  /** Called for each bucket that is not emitted, in order, before any later candle. If it throws, the stream errors. */
  readonly onIncomplete?: ((bucket: IncompleteBucket) => void) | undefined;
}

const KEYS = ['anchor', 'onIncomplete'];

/** @throws ResampleError that lists every problem */
export function checkResampleOptions(options: ResampleOptions): ResampleOptions {
  const given: unknown = options;
  const problems = isRecord(given) ? problemsOf(given) : ['options must be an object'];
  if (problems.length > 0) throw new ResampleError(problems.join('; '));
  return options;
}

function problemsOf(options: Readonly<Record<string, unknown>>): string[] {
  const { anchor, onIncomplete } = options;
  const unknown = Object.keys(options).filter((key) => !KEYS.includes(key));
  return [
    ...unknown.map((key) => `${key} is not an option of resample; the options are ${KEYS.join(', ')}`),
    ...anchorProblems(anchor),
    ...(onIncomplete === undefined || typeof onIncomplete === 'function' ? [] : ['onIncomplete must be a function']),
  ];
}

function anchorProblems(anchor: unknown): string[] {
  if (anchor === undefined) return [];
  const must = 'anchor must be a whole number of ms since the epoch';
  if (typeof anchor !== 'number')
    return [`${must}, got ${typeof anchor === 'object' ? 'an object' : `a ${typeof anchor}`}`];
  if (!Number.isSafeInteger(anchor)) return [`${must}, got ${anchor}`];
  return isTimeWithin(anchor) ? [] : [`${must}, 0 or from 2009 to 2100, got ${anchor}${likelyUnitOf(anchor)}`];
}
