import type { Answer } from './evidence.ts';

/** Merges two responses about adjacent open times: sent with the first, received with the last. */
export function joinAnswers(older: Answer, newer: Answer): Answer {
  return {
    rows: [...older.rows, ...newer.rows],
    rejected: [...older.rejected, ...newer.rejected],
    final: joined(older.final, newer.final),
    from: older.from,
    before: newer.before,
    sentAt: Math.min(older.sentAt, newer.sentAt),
    sentAtLocal: Math.min(older.sentAtLocal, newer.sentAtLocal),
    receivedAtLocal: Math.max(older.receivedAtLocal, newer.receivedAtLocal),
  };
}

function joined(a: Answer['final'], b: Answer['final']): Answer['final'] {
  return a === undefined || b === undefined ? (a ?? b) : new Set([...a, ...b]);
}
