import { describe, expect, it } from 'vitest';
import { EVIDENCE } from '../../src/core/missing-rules.ts';
import type { SeriesEvent, SeriesRules } from '../../src/core/series-state.ts';
import { FAILED, WAKE, answered, happens, series } from '../support/series.ts';

const MOVED_ON: SeriesEvent = { kind: 'moved on' };
const ABSENT = { ...EVIDENCE, emptyIntervals: 'absent' } as const;
const rules: Partial<SeriesRules> = { fetched: true, graceMs: 2000, evidence: ABSENT };

describe('a series whose closes are always fetched', () => {
  it('reads when the row has settled, without waiting for a close that no stream sends', () => {
    expect(happens(series([], { rules }), WAKE, '11:01').does).toEqual([]);
    expect(happens(series([], { rules }), WAKE, '11:02.010').does).toEqual(['read 10 to before 12']);
  });

  it('calls no close a rescued one', () => {
    const state = series([['11:02.010', WAKE], ['11:02.200', answered([10, 11], '11:02.200')]], { rules }); // prettier-ignore
    expect(happens(state, WAKE, '11:03.300').does).toEqual(['read 10 to before 12']);
    const read = happens(state, WAKE, '11:03.300').state;
    expect(happens(read, answered([10, 11], '11:03.500'), '11:03.500').does).toEqual(['deliver 10']);
  });

  it('reads again at once when the stream has moved on, however long the reads before it showed nothing', () => {
    const none = answered([], '13:00', { from: 600_000 });
    const state = series([['11:02.010', WAKE], ['11:02.200', none], ['13:00', none]], { rules }); // prettier-ignore
    expect(happens(state, WAKE, '13:00.500').does).toEqual([]);
    expect(happens(state, MOVED_ON, '13:00.500').does).toEqual(['read 10 to before 14']);
  });

  it('tells no gap while answers show that nothing trades, and one when they fail', () => {
    const none = answered([], '15:00', { from: 600_000 });
    const state = series([['11:02.010', WAKE], ['11:02.200', none], ['11:04', none], ['15:00', none]], { rules }); // prettier-ignore
    expect(happens(state, WAKE, '15:00.500').does.filter((it) => it.startsWith('gap'))).toEqual([]);
    expect(happens(state, FAILED, '15:00.500').does.filter((it) => it.startsWith('gap'))).toEqual(['gap 10–14 opened (REST: timeout)']); // prettier-ignore
  });
});
