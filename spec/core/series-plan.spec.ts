import { describe, expect, it } from 'vitest';
import { pace } from '../../src/core/series-pace.ts';
import { plan } from '../../src/core/series-plan.ts';
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
  return { outputs, does: outputs.map(say), wakeAt: clock(wakeAt) };
}

describe('the next read may be sent', () => {
  const state = series();
  const onceSeen = { ...state, known: [{ candle: candle(10), final: false, seenAt: ms('19:59.500') }] };
  const hole = { from: 10 * MINUTE, before: 13 * MINUTE, answers: 2, firstAt: 0, proven: false };
  const nothing = answered([], '20:00');
  /** One candle less has been delivered. */
  const before = { ...state, next: 9 * MINUTE };

  it.each<[string, () => string, string]>([
    ['at once when the last one brought something', () => paced({ ...state, next: 11 * MINUTE }, nothing, { before: state }), '20:00'],
    ['a second after the row to be confirmed was first seen', () => paced(onceSeen, nothing), '20:00.510'],
    ['in time for the next confirmation of a hole', () => paced({ ...state, holes: [hole] }, nothing), '20:01.260'],
    ['sooner for a hole more than an hour old', () => paced({ ...state, holes: [hole] }, answered([], '1:20:00')), '80:00.510'],
    ['a second later when the answer begins behind the candle that is awaited', () => paced({ ...state, holes: [hole] }, answered([], '20:00', { from: 11 * MINUTE })), '20:01'],
    ['at once when the hole is proven', () => paced({ ...state, hasStarted: true, holes: [{ ...hole, proven: true }] }, nothing), '20:00'],
    ['no sooner for a proven hole of a series that may not have begun', () => paced({ ...state, holes: [{ ...hole, proven: true }] }, nothing), '20:01.260'],
    ['a second later when the last one brought nothing', () => paced(state, nothing), '20:01'],
    ['a second later when the last one failed', () => paced(state, FAILED), '20:01'],
    ['a second after that row was seen though the answer begins with it', () => paced(onceSeen, answered([], '20:00', { from: 10 * MINUTE })), '20:00.510'],
    ['a second after that row was seen though a page ends with it, where nothing else came', () => paced(onceSeen, answered([10], '20:00')), '20:00.510'],
    ['at once where a page that brought something ends with that row: the next page proves it', () => paced(onceSeen, answered([10], '20:00'), { before }), '20:00'],
    ['a second after that row was seen where the page shows that nothing follows yet', () => paced(onceSeen, answered([10], '20:00', { before: 12 * MINUTE }), { before }), '20:00.510'],
    ['at once when an answer shows a nearer end of what is missing', () => paced({ ...state, nextSeenRow: 20 * MINUTE }, nothing, { before: state }), '20:00'],
    ['a second later when it shows only the end that is known', () => paced({ ...state, nextSeenRow: 20 * MINUTE }, nothing), '20:01'],
    ['as planned, whatever else happens', () => paced({ ...state, notBefore: ms('19:59') }, WAKE), '19:59'],
  ])('%s', (_, may, expected) => {
    expect(may()).toBe(expected);
  }); // prettier-ignore

  it.each([
    ['only once what follows has closed and settled', '12:02', '12:02.100'],
    ['not a millisecond sooner', '12:01.999', '12:03.100'],
  ])('after a page that ends with the row to be confirmed, %s', (_, sentAt, expected) => {
    const seen = { ...state, known: [{ candle: candle(10), final: false, seenAt: ms('12:02.090') }] };
    const answer = answered([10], '12:02.100', { sentAt: ms(sentAt) });
    expect(paced(seen, answer, { before })).toBe(expected);
  });

  it('later and later though answers come nearer to the end of what is missing', () => {
    const now = { ...state, emptyReads: 3, nextSeenRow: 20 * MINUTE };
    expect(pace(state, now, { event: nothing, at: at('20:00') }).emptyReads).toBe(3);
  });

  it.each([
    ['once the row behind it that was running has settled', '13:40', '14:02.021'],
    ['sooner, where the wait ends before that', '13:20', '13:50'],
    ['as late as ever, where that row has settled since the answer was asked for', '14:02.009', '14:32.009'],
  ])('after many reads in vain of what is missing: %s', (_, time, expected) => {
    expect(paced({ ...state, emptyReads: 5 }, answered([13], time, { sentAt: ms('13:20') }), { time })).toBe(expected);
  });

  it('after 1, 2, 4 … s while reads bring nothing, at most 30 s', () => {
    let now = series();
    const waits = [0, 1, 2, 3, 4, 5, 6, 40].map((_, n) => {
      now = pace(now, now, { event: FAILED, at: at(`2${String(n)}:00`) });
      return (now.notBefore - ms(`2${String(n)}:00`)) / 1000;
    });
    expect(waits).toEqual([1, 2, 4, 8, 16, 30, 30, 30]);
    expect(pace(now, { ...now, next: 11 * MINUTE }, { event: answered([], '50:00'), at: at('50:00') }).emptyReads).toBe(
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

  const hole = { from: 10 * MINUTE, before: 13 * MINUTE, answers: 2, firstAt: 0, proven: false };
  const lacking: SeriesState = { ...series(), holes: [hole], known: [known(13)] };

  it.each<[string, SeriesState, string]>([
    ['looks at holes ahead too while it confirms one, as far as it costs nothing', lacking, 'read 10 to before 90'],
    ['looks no further than the hole where the last one brought nothing', { ...lacking, emptyReads: 1 }, 'read 10 to before 14, in doubt'],
    ['looks no further than the next candle known where the hole lies behind', { ...lacking, holes: [{ ...hole, from: 11 * MINUTE }] }, 'read 10 to before 14'],
    ['looks no further than the next candle known where the hole lies before', { ...lacking, holes: [{ ...hole, from: 8 * MINUTE, before: 10 * MINUTE }] }, 'read 10 to before 14'],
    ['goes to the first row that any answer has shown, where the last one brought nothing', { ...series(), emptyReads: 1, nextSeenRow: 15 * MINUTE }, 'read 10 to before 16, in doubt'],
    ['goes to that row though it lies behind the end', { ...series([], { until: 13 }), emptyReads: 1, nextSeenRow: 15 * MINUTE }, 'read 10 to before 16, in doubt'],
    ['goes to that row no more once it is the one that is awaited', { ...series(), emptyReads: 1, nextSeenRow: 10 * MINUTE }, 'read 10 to before 121, in doubt'],
    ['goes to that row no more once the series is past it', { ...series(), emptyReads: 1, nextSeenRow: 9 * MINUTE }, 'read 10 to before 121, in doubt'],
    ['does not stop at the candle that is awaited', { ...series(), known: [known(10)] }, 'read 10 to before 121'],
  ])('%s', (_, state, expected) => {
    expect(planned(state, '2:00:30').does).toContain(expected);
  }); // prettier-ignore

  it.each<[string, SeriesState, number]>([
    ['one page where nothing is in doubt', series(), 1],
    ['one page up to a candle that waits', { ...series(), known: [known(13)] }, 1],
    ['one page up to a candle that waits though there are holes elsewhere', { ...lacking, holes: [{ ...hole, from: 11 * MINUTE }, { ...hole, from: 8 * MINUTE, before: 10 * MINUTE }] }, 1],
    ['one page after one read in vain', { ...series(), emptyReads: 1 }, 1],
    ['two pages after two reads in vain', { ...series(), emptyReads: 2 }, 2],
    ['four pages after three reads in vain', { ...series(), emptyReads: 3 }, 4],
    ['one page where a hole has no end yet', { ...series(), holes: [hole] }, 1],
    ['all pages up to the candle behind a hole', lacking, Infinity],
    ['all pages up to a candle that waits, after a read in vain', { ...series(), emptyReads: 1, known: [known(13)] }, Infinity],
    ['all pages up to a row that was shown, after a read in vain', { ...series(), emptyReads: 1, nextSeenRow: 15 * MINUTE }, Infinity],
  ])('reaches over %s', (_, state, pages) => {
    const { outputs } = planned(state, '2:00:30');
    expect(outputs.filter(({ kind }) => kind === 'read')).toMatchObject([{ pages }]);
  }); // prettier-ignore

  describe('waits for its time', () => {
    const early: SeriesState = { ...series(), notBefore: ms('20:45'), sighted: 12 * MINUTE };

    it.each<[string, SeriesState, string[]]>([
      ['not where a candle after the next was sighted, with which the series may begin', early, ['find first open']],
      ['where the series has begun', { ...early, hasStarted: true }, []],
      ['where what was sighted is the next candle itself', { ...early, sighted: 10 * MINUTE }, []],
      ['where what was sighted lies before the next candle', { ...early, sighted: 9 * MINUTE }, []],
      ['where the next candle is known, and waits to be confirmed', { ...early, known: [known(10, false)] }, []],
    ])('%s', (_, state, expected) => {
      expect(planned(state, '20:30').does.filter((words) => /read|find/.test(words))).toEqual(expected);
    });
  });

  it('is given its grace where the stream carried the series by the last millisecond of the candle', () => {
    expect(planned({ ...series(), liveSince: ms('10:59.999') }, '10:59.999').wakeAt).toBe('11:04.009');
    expect(planned({ ...series(), liveSince: ms('11:00') }, '11:00').wakeAt).toBe('11:02.009');
  });

  it('of a quiet live series looks for no beginning', () => {
    expect(planned({ ...series(), emptyReads: 2 }, '20:30').does).toContain('read 10 to before 21, in doubt');
    expect(planned({ ...series([], { rules: { warmUp: true }, until: 12 }), emptyReads: 2 }, '20:30').does).toContain(
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
