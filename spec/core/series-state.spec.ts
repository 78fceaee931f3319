import { describe, expect, it } from 'vitest';
import { startSeries } from '../../src/core/series-state.ts';
import { happens, RULES, WAKE } from '../support/series.ts';

const MINUTE = 60_000;

describe('a series that starts', () => {
  const start = startSeries(RULES, 10 * MINUTE);

  it('waits for its first candle, knows of nothing else and has no end', () => {
    expect(start).toMatchObject({ next: 10 * MINUTE, until: Infinity, known: [], holes: [], hasStarted: false });
  });

  it('reads nothing by itself, and does not count on the stream', () => {
    expect(start).toMatchObject({ reading: false, liveSince: Infinity });
    expect(happens(start, WAKE, '10:30')).toMatchObject({ does: [], wakeAt: '11:02.009' });
  });

  it('has nothing to do where it ends before it begins', () => {
    expect(happens(startSeries(RULES, 10 * MINUTE, 10 * MINUTE), WAKE, '10:30').does).toEqual(['done']);
  });
});
