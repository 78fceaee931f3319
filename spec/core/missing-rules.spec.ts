import { describe, expect, it } from 'vitest';
import { confirmationsFor, EVIDENCE, reasonOfAbsence } from '../../src/core/missing-rules.ts';

describe('what proves that a candle is missing', () => {
  it('takes what is more than an hour past for what will not change soon', () => {
    expect(confirmationsFor(0, 3_600_000, EVIDENCE).answers).toBe(5);
    expect(confirmationsFor(0, 3_600_001, EVIDENCE).answers).toBe(3);
  });

  it.each([60_000, 3_600_000, 3_600_001, 1e12])('is asked for often enough to be there in time, %d ms later', (now) => {
    const { answers, overMs, everyMs } = confirmationsFor(0, now, EVIDENCE);
    expect((answers - 1) * everyMs).toBeGreaterThanOrEqual(overMs);
    expect((answers - 1) * everyMs).toBeLessThan(overMs * 1.1);
  });

  it("is the venue's own", () => {
    const slow = { ...EVIDENCE, missingAfter: { answers: 1, overMs: 30_000 } };
    expect(confirmationsFor(0, 0, slow)).toEqual({ answers: 1, overMs: 30_000, everyMs: 30_010 });
  });
});

it('tells a candle that is lost from one that never was, where the venue sends no empty ones', () => {
  expect(reasonOfAbsence(EVIDENCE)).toBe('absent');
  expect(reasonOfAbsence({ ...EVIDENCE, emptyIntervals: 'absent' })).toBe('no trades');
});
