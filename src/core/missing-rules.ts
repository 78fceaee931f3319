import type { EpochMs } from './candle.ts';
import type { MissingReason } from './events.ts';

/** So many good answers, the last of them so long after the first. */
export interface Confirmations {
  readonly answers: number;
  readonly overMs: number;
}

/** What proves that the exchange has no candle at an open time, and what that means. */
export interface EvidenceRules {
  /** Whether the venue has a row for an interval without trades (`row`), or none (`absent`). */
  readonly emptyIntervals: 'row' | 'absent';
  /** For what has ended within the last hour. */
  readonly missingAfter: Confirmations;
  /** For what has ended before that. */
  readonly missingAfterAnHour: Confirmations;
}

/** What the contract promises at least, for a venue that shows empty intervals. */
export const EVIDENCE: EvidenceRules = {
  emptyIntervals: 'row',
  missingAfter: { answers: 5, overMs: 5000 },
  missingAfterAnHour: { answers: 3, overMs: 1000 },
};

const HOUR_MS = 3_600_000;
/** More than the answers need to be apart, so that the last does not come a moment too early. */
const MARGIN_MS = 10;

/** What proves that candles before `before` are missing; `everyMs` is how often to ask. */
export function confirmationsFor(
  before: EpochMs,
  now: EpochMs,
  { missingAfter, missingAfterAnHour }: EvidenceRules,
): Confirmations & { readonly everyMs: number } {
  const { answers, overMs } = now - before > HOUR_MS ? missingAfterAnHour : missingAfter;
  return { answers, overMs, everyMs: Math.ceil(overMs / Math.max(1, answers - 1)) + MARGIN_MS };
}

/** Why a candle is missing that no answer shows. */
export const reasonOfAbsence = ({ emptyIntervals }: EvidenceRules): MissingReason =>
  emptyIntervals === 'absent' ? 'no trades' : 'absent';
