import { describe, expect, it } from 'vitest';
import { pace, plan } from '../../src/core/series-plan.ts';
import type { SeriesEvent, SeriesOutput, SeriesState } from '../../src/core/series-state.ts';
import { candle } from '../support/candle.ts';
import { answered, clock, FAILED, ms, say, series, WAKE } from '../support/series.ts';

const MINUTE = 60_000;

function at(time: string) {
  const now = ms(time);
  return { exchange: now, atLeast: now, local: now };
}

/** When the next read may be sent after an event that made `before` of `now`. */
function paced(now: SeriesState, event: SeriesEvent, { time = '20:00', before = now } = {}): string {
  return clock(pace(before, now, { event, at: at(time) }).notBefore);
}

function planned(state: SeriesState, time: string, event = WAKE) {
  const outputs: SeriesOutput[] = [];
  const { wakeAt } = plan(state, event, { at: at(time), outputs });
  return { does: outputs.map(say), wakeAt: clock(wakeAt) };
}

describe('the next read may be sent', () => {
  const state = series();
  const onceSeen = { ...state, known: [{ candle: candle(10), final: false, seenAt: ms('19:59.500') }] };
  const hole = { from: 10 * MINUTE, before: 13 * MINUTE, answers: 2, firstAt: 0, proven: false };
  const nothing = answered([], '20:00');

  it.each<[string, () => string, string]>([
    ['at once when the last one brought something', () => paced({ ...state, next: 11 * MINUTE }, nothing, { before: state }), '20:00'],
    ['a second after the row to be confirmed was first seen', () => paced(onceSeen, nothing), '20:00.510'],
    ['in time for the next witness of a hole', () => paced({ ...state, holes: [hole] }, nothing), '20:01.260'],
    ['sooner for a hole more than an hour old', () => paced({ ...state, holes: [hole] }, answered([], '1:20:00')), '80:00.510'],
    ['a second later when the answer begins behind the candle that is awaited', () => paced({ ...state, holes: [hole] }, answered([], '20:00', { from: 11 * MINUTE })), '20:01'],
    ['at once when the hole is proven', () => paced({ ...state, holes: [{ ...hole, proven: true }] }, nothing), '20:00'],
    ['a second later when the last one brought nothing', () => paced(state, nothing), '20:01'],
    ['a second later when the last one failed', () => paced(state, FAILED), '20:01'],
    ['as planned, whatever else happens', () => paced({ ...state, notBefore: ms('19:59') }, WAKE), '19:59'],
  ])('%s', (_, may, expected) => {
    expect(may()).toBe(expected);
  }); // prettier-ignore

  it('after 1, 2, 4 … s while reads bring nothing, at most 30 s', () => {
    let now = series();
    const waits = [0, 1, 2, 3, 4, 5, 6, 40].map((_, n) => {
      now = pace(now, now, { event: FAILED, at: at(`2${String(n)}:00`) });
      return (now.notBefore - ms(`2${String(n)}:00`)) / 1000;
    });
    expect(waits).toEqual([1, 2, 4, 8, 16, 30, 30, 30]);
    expect(pace(now, { ...now, next: 11 * MINUTE }, { event: answered([], '50:00'), at: at('50:00') }).fruitless).toBe(
      0,
    );
  });
});

describe('a read', () => {
  const known = (minute: number, final = true) => ({ candle: candle(minute), final, seenAt: 0 });

  it.each<[string, SeriesState, string, string]>([
    ['goes to the running candle, which proves what lies before', series(), '20:30', 'read 10 to before 21'],
    ['goes to the closed candle that ends the hole', { ...series(), known: [known(13), known(17)] }, '20:30', 'read 10 to before 14'],
    ['does not stop at a row that is not final', { ...series(), known: [known(13, false)] }, '20:30', 'read 10 to before 21'],
    ['goes to the candle behind the end of a series', series([], { until: 15 }), '20:30', 'read 10 to before 16'],
    ['holds the candle that is awaited, though by our clock it runs', { ...series([], { until: 12 }), known: [known(11)] }, '11:02.009', 'read 10 to before 12'],
  ])('%s', (_, state, time, expected) => {
    expect(planned(state, time).does).toContain(expected);
  }); // prettier-ignore

  it('of a quiet live series looks for no beginning', () => {
    expect(planned({ ...series(), fruitless: 2 }, '20:30').does).toContain('read 10 to before 21, in doubt');
    expect(planned({ ...series([], { rules: { warmUp: true }, until: 12 }), fruitless: 2 }, '20:30').does).toContain(
      'find first open',
    );
  });

  it('of the past waits for nothing from the stream', () => {
    const state = series([], { rules: { warmUp: true }, until: 12 });
    expect(planned({ ...state, liveSince: 0 }, '10:30').wakeAt).toBe('11:02.009');
    expect(planned({ ...series(), liveSince: 0 }, '10:30').wakeAt).toBe('11:04.009');
  });

  it('comes back when it may be sent, by our clock', () => {
    expect(planned({ ...series(), notBefore: ms('20:45') }, '20:30').wakeAt).toBe('20:40');
    expect(planned({ ...series(), notBefore: ms('20:35') }, '20:30').wakeAt).toBe('20:35');
  });
});

describe('a month', () => {
  it('is waited for by the calendar', () => {
    const february = Date.UTC(2024, 1, 1);
    const outputs: SeriesOutput[] = [];
    const now = february + 86_400_000;
    const state = { ...series([], { rules: { interval: '1M' } }), next: february };
    const { wakeAt } = plan(state, WAKE, { at: { exchange: now, atLeast: now, local: 0 }, outputs });
    expect(new Date(wakeAt).toISOString()).toBe('2024-03-01T00:00:02.009Z');
  });
});
