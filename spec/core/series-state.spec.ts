import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { step } from '../../src/core/series.ts';
import { startSeries, type SeriesEvent } from '../../src/core/series-state.ts';
import { LIVE, RULES, WAKE, closed, happens } from '../support/series.ts';

const MINUTE = 60_000;

/** Whether V8 takes two objects for ones of a kind, so that what is compiled for the one runs for the other. */
function areOfOneKind(a: object, b: object): boolean {
  setFlagsFromString('--allow-natives-syntax');
  const compare = new Script('(a, b) => %HaveSameMap(a, b)').runInThisContext() as (a: object, b: object) => boolean;
  const areEqual = compare(a, b);
  setFlagsFromString('--no-allow-natives-syntax');
  return areEqual;
}

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

it('is the same kind of object when the stream carries the series, and after each close', () => {
  const at = { exchange: 10 * MINUTE + 1, atLeast: 10 * MINUTE, local: 0 };
  const then = (state: ReturnType<typeof startSeries>, event: SeriesEvent) => step(state, event, at).state;
  const live = then(startSeries(RULES, 10 * MINUTE), LIVE);
  const first = then(live, closed(10));
  const second = then(first, closed(11));
  expect([live.next, first.next, second.next]).toEqual([10 * MINUTE, 11 * MINUTE, 12 * MINUTE]);
  expect(areOfOneKind(live, first) && areOfOneKind(first, second)).toBe(true);
});
