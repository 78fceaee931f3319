import type { EpochMs } from './candle.ts';
import { closeOfNext } from './series-plan.ts';
import { reasonToWait } from './series-gap.ts';
import { SILENT_AFTER, type SeriesState } from './series-state.ts';

/** How a series is getting on. */
export interface SeriesProgress {
  readonly phase: 'live' | 'silent' | 'over rest';
  /** How long the next candle has been over, ms; 0 while it runs. */
  readonly lateMs: number;
  readonly reason: string | null;
}

/** @param now - exchange time */
export function progressOf(state: SeriesState, now: EpochMs): SeriesProgress {
  const overMs = now - closeOfNext(state);
  const isLate = overMs > 0 && !isQuiet(state);
  return { phase: phaseOf(state), lateMs: isLate ? overMs : 0, reason: isLate ? reasonToWait(state) : null };
}

function phaseOf({ liveSince, missedCloses }: SeriesState): SeriesProgress['phase'] {
  if (liveSince === Infinity) return 'over rest';
  return missedCloses >= SILENT_AFTER ? 'silent' : 'live';
}

/** Where an interval without trades has no row, a candle that the exchange does not show is not late. */
function isQuiet({ rules, emptyReads, known, lastError }: SeriesState): boolean {
  const wasAsked = emptyReads > 0 && lastError === undefined;
  return rules.evidence.emptyIntervals === 'absent' && wasAsked && known.length === 0;
}
