import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Candle } from '../../src/core/candle.ts';
import type { Answer, RejectedRow } from '../../src/core/evidence.ts';
import { MAX_WAITING, step } from '../../src/core/series.ts';
import { startSeries, type SeriesEvent, type SeriesOutput, type SeriesState } from '../../src/core/series-state.ts';
import { EARLIEST_TIME } from '../../src/core/time-bounds.ts';
import { candle } from '../support/candle.ts';
import { answered, closed, FAILED, happens, LIVE, LOST, ms, oddRow, RULES, series, WAKE } from '../support/series.ts';

type Happened = readonly (readonly [at: string, event: SeriesEvent])[];
/** The state is built in the test, so that a rule that breaks fails the tests that rest on it, and no others. */
type Row = readonly [
  title: string,
  state: () => SeriesState,
  event: SeriesEvent,
  at: string,
  does: string[],
  wakeAt: string,
];

const MINUTE = 60_000;
/** Minutes after the epoch; all series wait for the candle of minute 10, which closes at 10:59.999. */
const live: Happened = [['10:30', LIVE]];
const overdue: Happened = [...live, ['11:04.009', WAKE]];
const seenOnce: Happened = [...overdue, ['11:04.200', answered([10], '11:04.200')]];
const askedTwice: Happened = [...seenOnce, ['11:05.210', WAKE]];
const behindAHole: Happened = [...live, ['12:02.009', closed(11)]];
const changed = candle(10, { close: 4711, source: 'backfill' });
const until = (minute: number): SeriesEvent => ({ kind: 'until', until: minute * MINUTE });
const firstOpen = (minute: number): SeriesEvent => ({ kind: 'first open', openTime: minute * MINUTE });

function check([, state, event, at, does, wakeAt]: Row): void {
  const then = happens(state(), event, at);
  expect({ does: then.does, wakeAt: then.wakeAt }).toEqual({ does, wakeAt });
}

const table = (rows: readonly Row[]) => {
  it.each(rows.map((row) => [row[0], row] as const))('%s', (_, row) => {
    check(row);
  });
};

describe('a close from the stream', () => {
  table([
    ['is delivered in its turn', () => series(live), closed(10), '11:00.050', ['deliver 10'], '12:04.009'],
    ['is authority though our clock says that the candle runs', () => series(live), closed(10), '10:59', ['deliver 10'], '12:04.009'],
    ['is authority though the stream is not acknowledged', () => series(), closed(10), '11:00.050', ['deliver 10'], '12:02.009'],
    ['that came before is dropped', () => series([...live, ['11:02', closed(10)]]), closed(10), '11:02.500', ['duplicate'], '12:04.009'],
    ['from before the series began is dropped', () => series(live), closed(9), '11:00.050', ['duplicate'], '11:04.009'],
    ['that waits already is dropped', () => series(behindAHole), closed(11), '12:02.100', ['duplicate'], '12:12.009'],
    ['of the next candle waits for the one before', () => series(live), closed(11), '12:00.050', ['gap 10–10 opened (a later candle came first)', 'read 10 to before 12'], '12:10.050'],
    ['of the next candle lets the one before settle first', () => series(live), closed(11), '11:00.050', ['gap 10–10 opened (a later candle came first)'], '11:02.009'],
    ['brings what waited behind it, and the read is of no more use', () => series(behindAHole), closed(10), '12:02.100', ['deliver 10', 'deliver 11', 'gap 10–10 filled after 91 ms', 'cancel'], '13:04.009'],
    ['overtakes a read of it', () => series(askedTwice), closed(10), '11:05.300', ['deliver 10', 'cancel'], '12:04.009'],
    ['has more weight than a row that is not final', () => series(seenOnce), closed(10, { close: 4711 }), '11:05', ['deliver 10'], '12:04.009'],
    ['after the end was reached is none of the series', () => series([...live, ['10:40', until(11)], ['11:00.050', closed(10)]]), closed(11), '12:00.050', ['done'], 'never'],
    ['ends all doubt about what comes next', () => series([...overdue, ['11:04.200', FAILED], ['11:04.300', closed(10)]]), WAKE, '12:04.009', ['read 11 to before 13'], 'never'],
    ['at or after the end is none of the series', () => series([...live, ['10:40', until(11)]]), closed(11), '12:00.050', ['read 10 to before 12'], 'never'],
  ]); // prettier-ignore
});

describe('a close that does not come', () => {
  table([
    ['is asked for at close time plus grace', () => series(live), WAKE, '11:04.009', ['read 10 to before 12'], 'never'],
    ['is not asked for before', () => series(live), WAKE, '11:04.008', [], '11:04.009'],
    ['is asked for once settled where the stream was lost', () => series([...live, ['10:50', LOST]]), WAKE, '11:02.009', ['read 10 to before 12'], 'never'],
    ['is asked for once settled where the stream came too late to send it', () => series([['11:01', LIVE]]), WAKE, '11:02.009', ['read 10 to before 12'], 'never'],
    ['is not asked for twice at a time', () => series(overdue), WAKE, '11:04.100', [], 'never'],
    ['is a gap once a second one is overdue', () => series(overdue), WAKE, '12:04.009', ['gap 10–11 opened (closes did not come)'], '12:14.009'],
    ['is a gap told again while it lasts', () => series(behindAHole), WAKE, '12:12.009', ['gap 10–10 opened (a later candle came first) 10000 ms ago'], '12:22.009'],
  ]); // prettier-ignore

  it('is asked for later by as much as the exchange’s clock is in doubt', () => {
    expect(happens(series(live), WAKE, '11:04.009', 50)).toMatchObject({ does: [], wakeAt: '11:04.059' });
  });
});

describe('an answer', () => {
  table([
    ['with the candle alone is confirmed a second later', () => series(overdue), answered([10], '11:04.200'), '11:04.200', [], '11:05.210'],
    ['is confirmed by a second read', () => series(seenOnce), WAKE, '11:05.210', ['read 10 to before 12'], 'never'],
    ['that says the same again is delivered', () => series(askedTwice), answered([10], '11:05.400'), '11:05.400', ['deliver 10', 'rescued 10, 5401 ms late'], '12:04.009'],
    ['that says something else is confirmed in its turn', () => series(askedTwice), answered([changed], '11:05.400'), '11:05.400', [], '11:06.410'],
    ['with a closed successor past settle needs no second', () => series(behindAHole), answered([10, 11], '13:02.100'), '13:02.100', ['deliver 10', 'deliver 11', 'gap 10–10 filled after 60091 ms'], '13:04.009'],
    ['without the candle is asked for again a second later', () => series(overdue), answered([], '11:04.200'), '11:04.200', [], '11:05.200'],
    ['that cannot be had is asked for again a second later, and tells why', () => series(overdue), FAILED, '11:04.200', ['gap 10–10 opened (REST: timeout)'], '11:05.200'],
    ['that cannot be had is told again with the reason', () => series([...overdue, ['11:04.200', FAILED], ['11:05.200', WAKE]]), WAKE, '11:14.200', ['gap 10–10 opened (REST: timeout) 10000 ms ago'], '11:24.200'],
    ['that cannot be had does not show that the series has begun', () => series([...overdue, ['11:04.200', FAILED], ['11:05.200', WAKE]]), answered([11], '11:05.400'), '11:05.400', ['find first open'], '11:14.200'],
    ['that cannot be had again is asked for two seconds later', () => series([...overdue, ['11:04.200', FAILED], ['11:05.200', WAKE]]), FAILED, '11:05.400', [], '11:07.400'],
    ['that was asked for in vain is asked for in doubt', () => series([...overdue, ['11:04.200', answered([], '11:04.200')]]), WAKE, '11:05.200', ['read 10 to before 12, in doubt'], 'never'],
  ]); // prettier-ignore
});

describe('the stream', () => {
  table([
    ['that carries the series is given its grace', () => series(), LIVE, '10:30', [], '11:04.009'],
    ['that is lost is not waited for', () => series(live), LOST, '10:40', [], '11:02.009'],
    ['that comes back late shows a gap at once', () => series([...live, ['10:50', LOST]]), LIVE, '13:02.009', ['gap 10–12 opened (closes did not come)', 'read 10 to before 14'], '13:12.009'],
    ['that comes back ends all waiting between reads', () => series([...overdue, ['11:04.200', FAILED]]), LIVE, '11:04.300', ['read 10 to before 12'], '11:14.200'],
  ]); // prettier-ignore
});

/** Four answers over four seconds without the candle of minute 10; the fifth read is under way. */
const fourLackIt: Happened = ['12:02.200', '12:03.560', '12:04.920', '12:06.280'].flatMap((at): Happened => {
  const next = ms(at) + 1260;
  return [[at, answered([11], at)], [`0:${String(next / 1000)}`, WAKE]]; // prettier-ignore
});
const fifth = answered([11], '12:07.640');
const fresh = () => series([...behindAHole, ...fourLackIt]);
const started = () => series([['9:30', answered([8, 9], '9:30')], ...behindAHole, ...fourLackIt]);
const inDoubt = () => series([...behindAHole, ...fourLackIt, ['12:07.640', fifth]]);

/** Four answers over four seconds without the candles of minutes 10 and 12; the fifth read is under way. */
const lacksTwo: Happened = [
  ...live,
  ['14:02.009', closed(13)],
  ...['14:02.200', '14:03.560', '14:04.920', '14:06.280'].flatMap((at): Happened => {
    const next = ms(at) + 1260;
    return [[at, answered([11, 13], at)], [`0:${String(next / 1000)}`, WAKE]]; // prettier-ignore
  }),
];

describe('a candle that the exchange lacks', () => {
  table([
    ['is not stepped over while a confirmation lacks', started, answered([], '12:07.640'), '12:07.640', [], '12:08.900'],
    ['is stepped over with the last of its confirmations', started, fifth, '12:07.640', ['missing 10–10', 'deliver 11', 'gap 10–10 filled after 5631 ms'], '13:04.009'],
    ['makes us look at once for the beginning of a series that we know no earlier candle of', () => series(behindAHole), answered([11], '12:02.200'), '12:02.200', ['find first open'], '12:12.009'],
    ['makes us read on where we know of one', () => series([['9:30', answered([8, 9], '9:30')], ...behindAHole]), answered([11], '12:02.200'), '12:02.200', [], '12:03.460'],
    ['is stepped over though a read between its confirmations failed', () => series([['9:30', answered([8, 9], '9:30')], ...behindAHole, ...fourLackIt, ['12:07.600', FAILED]]), answered([11], '12:08.700'), '12:08.700', ['missing 10–10', 'deliver 11', 'gap 10–10 filled after 6691 ms'], '13:04.009'],
    ['makes us look for the beginning where the stream sends the one after, though it ran in the last answer', () => series([['10:30', LOST], ['11:02.009', WAKE], ['11:02.050', answered([10], '11:02.050')]]), closed(11), '12:00.050', ['gap 10–10 opened (REST does not show it yet)', 'find first open'], '12:10.050'],
    ['makes us look for the beginning too where only the running one is shown', () => series(overdue), answered([11], '11:04.200'), '11:04.200', ['find first open'], 'never'],
    ['may lie before the first ever, which the stream sends after reads that showed nothing', () => series([...overdue, ['11:04.200', answered([], '11:04.200')]]), closed(11), '12:00.050', ['gap 10–10 opened (REST does not show it yet)', 'find first open'], '12:10.050'],
    ['makes us look again for the beginning of a series that we know no earlier candle of', fresh, fifth, '12:07.640', ['find first open'], '12:12.009'],
    ['is missing where the series began before it', inDoubt, firstOpen(0), '12:08', ['missing 10–10', 'deliver 11', 'gap 10–10 filled after 5991 ms'], '13:04.009'],
    ['is not missing where the series begins after it', inDoubt, firstOpen(11), '12:08', ['deliver 11', 'gap 10–10 filled after 5991 ms'], '13:04.009'],
    ['is not missing where the search for the beginning shows it', inDoubt, firstOpen(10), '12:08', ['read 10 to before 12'], '12:12.009'],
    ['is looked into again where the search found nothing at all', inDoubt, firstOpen(Infinity), '12:08', [], '12:09'],
    ['costs no known one where the search found only a later beginning', inDoubt, firstOpen(15), '12:08', ['deliver 11', 'gap 10–10 filled after 5991 ms'], '13:04.009'],
    ['behind a known one is missing though the search found only a later beginning', () => series([...lacksTwo, ['14:07.640', answered([11, 13], '14:07.640')]]), firstOpen(15), '14:08', ['deliver 11', 'missing 12–12', 'deliver 13', 'gap 10–12 filled after 5991 ms'], '15:04.009'],
    ['behind a known one is missing though the search found the one after it', () => series([...lacksTwo, ['14:07.640', answered([11, 13], '14:07.640')]]), firstOpen(13), '14:08', ['deliver 11', 'missing 12–12', 'deliver 13', 'gap 10–12 filled after 5991 ms'], '15:04.009'],
    ['is not missing when the stream sends it after all', inDoubt, closed(10), '12:08', ['deliver 10', 'deliver 11', 'gap 10–10 filled after 5991 ms', 'cancel'], '13:04.009'],
  ]); // prettier-ignore

  it('may lie before the first of those that the stream sends, whatever it sends then', () => {
    const vain: Happened = [...overdue, ['11:04.200', answered([], '11:04.200')], ['11:05.200', WAKE]];
    const state = series([...vain, ['12:00.050', closed(11)], ['13:00.050', closed(12)]]);
    const { outputs } = happens(state, answered([], '13:00.100'), '13:00.100');
    expect(outputs).toContainEqual({ kind: 'find first open', next: 10 * MINUTE, known: 11 * MINUTE });
  });

  it('leaves no confirmations behind once it is stepped over', () => {
    expect(happens(started(), fifth, '12:07.640').state.holes).toEqual([]);
  });

  it('is not missing when the stream sends it while we look for the beginning', () => {
    const hole: Happened = [...live, ['13:02.009', closed(12)]];
    const lacked = ['13:02.200', '13:03.560', '13:04.920', '13:06.280', '13:07.640'].flatMap((at): Happened => {
      const next = ms(at) + 1260;
      return [[at, answered([12], at)], [`0:${String(next / 1000)}`, WAKE]]; // prettier-ignore
    });
    const state = series([...hole, ...lacked, ['13:09', closed(11)]]);
    expect(happens(state, firstOpen(0), '13:10').does).toEqual([
      'missing 10–10', 'deliver 11', 'deliver 12', 'gap 10–11 filled after 7991 ms',
    ]); // prettier-ignore
  });
});

/** A candle that opens and ends at times of day. */
const span = (open: string, end: string, changes: Partial<Candle> = {}): Candle =>
  candle(0, { timestamp: ms(open), closeTime: ms(end) - 1, ...changes });
const closes = (open: string, end: string): SeriesEvent => ({ kind: 'closed', candle: span(open, end) });
const row = (open: string, end: string): Candle => span(open, end, { source: 'backfill' });

describe('a candle that does not fit the grid', () => {
  table([
    ['is followed by one that opens before it ends, by 1 ms', () => series([...live, ['11:00.050', closes('10:00', '11:00.001')]]), closed(11), '12:00.050', ['deliver 11'], '13:04.009'],
    ['is followed by one that opens before it ends, by 999 ms', () => series([...live, ['11:00.050', closes('10:00', '11:00.999')]]), closed(11), '12:00.050', ['deliver 11'], '13:04.009'],
    ['is followed by one that it covers as a whole', () => series([...live, ['11:00.050', closes('10:00', '12:00')]]), closed(11), '12:00.050', ['deliver 11'], '13:04.009'],
    ['is followed by one off the grid that opens where it ends', () => series([...live, ['11:15', closes('10:00', '11:15')]]), closes('11:15', '12:15'), '12:15.050', ['deliver 11.25'], '13:04.009'],
    ['is followed by one on the grid that opens before it ends', () => series([...live, ['11:15', closes('10:00', '11:15')]]), closed(11), '12:00.050', ['deliver 11'], '13:04.009'],
    ['is followed by one that opens where it was cut short', () => series([...live, ['10:40', closes('10:00', '10:30')]]), closes('10:30', '11:00'), '11:00.050', ['deliver 10.5'], '12:04.009'],
    ['leaves room where it was cut short', () => series([...live, ['10:40', closes('10:00', '10:30')]]), closed(11), '12:02.009', ['gap 10.5–10.5 opened (a later candle came first)', 'read 10.5 to before 12'], '12:12.009'],
    ['leaves room before it where it opens late', () => series(live), closes('10:30', '11:00'), '11:02.009', ['gap 10–10 opened (a later candle came first)', 'read 10 to before 11.5'], '11:12.009'],
    ['leaves room by the end it was delivered with, whatever a row of it says', () => series([...live, ['11:00.050', closed(10)], ['12:04.009', WAKE]]), answered([row('10:00', '11:15'), row('11:15', '12:15'), 13], '14:02.200'), '14:02.200', ['gap 11–11 opened (a later candle came first)'], '14:03.460'],
    ['leaves room for one on the grid where the next opens within it', () => series([...live, ['11:40', closes('10:00', '11:40')]]), closes('11:30', '12:00'), '12:02.009', ['gap 11–11 opened (a later candle came first)', 'read 11 to before 12.5'], '12:12.009'],
    ['does not come twice', () => series([...live, ['11:00.050', closes('10:00', '12:00')]]), closes('10:00', '12:00'), '11:00.060', ['duplicate'], '12:04.009'],
    ['is taken though it opens within the one before', () => series([...live, ['11:00.050', closed(10)]]), closes('10:30', '11:30'), '11:30.050', ['deliver 10.5'], '12:04.009'],
    ['is dropped where a later one was delivered', () => series([...live, ['11:00.050', closed(10)], ['12:00.050', closed(11)]]), closes('10:30', '11:30'), '12:00.060', ['duplicate'], '13:04.009'],
    ['that says to end in years holds nobody up', () => series([...live, ['11:00.050', closes('10:00', '99:59:00')]]), closed(11), '12:00.050', ['deliver 11'], '13:04.009'],
  ]); // prettier-ignore

  const lacks: Happened = [
    ['9:30', answered([8, 9], '9:30')],
    ...live,
    ['10:40', closes('10:00', '10:30')],
    ['12:02.009', closed(11)],
  ];
  const fiveTimes = (rows: readonly Candle[]): Happened =>
    ['12:02.200', '12:03.560', '12:04.920', '12:06.280'].flatMap((at): Happened => {
      const next = ms(at) + 1260;
      return [[at, answered([...rows, 11], at)], [`0:${String(next / 1000)}`, WAKE]]; // prettier-ignore
    });

  it('and was cut short tells of nothing missing where a candle opened in its slot', () => {
    const then = happens(series([...lacks, ...fiveTimes([])]), fifth, '12:07.640');
    expect(then.does).toEqual(['deliver 11', 'gap 10.5–10.5 filled after 5631 ms']);
  });

  it('and opened within another is not waited for once the next one is missing', () => {
    const late: Happened = [
      ...live,
      ['11:15.050', closes('10:00', '11:15')],
      ['12:04.009', WAKE],
      ['12:04.200', answered([row('10:30', '11:00')], '12:04.200')],
    ];
    const lacked = ['13:04.200', '13:05.560', '13:06.920', '13:08.280'].flatMap((at): Happened => {
      const next = ms(at) + 1260;
      return [[at, answered([12], at)], [`0:${String(next / 1000)}`, WAKE]]; // prettier-ignore
    });
    const then = happens(series([...late, ...lacked]), answered([12], '13:09.640'), '13:09.640');
    expect(then.does.filter((words) => /deliver|missing/.test(words))).toEqual(['missing 11–11', 'deliver 12']);
    expect(then.state.known).toEqual([]);
  });

  it('tells missing by the grid alone', () => {
    const past = { rules: { warmUp: true }, until: 16 };
    const rows = [row('9:00', '10:00'), row('10:00', '10:30'), row('13:15', '14:15'), candle(15), candle(16)];
    const said: string[] = [];
    let state = series([], past);
    for (const at of ['1:40:00', '1:40:00.700', '1:40:01.400']) {
      said.push(...happens(state, WAKE, at).does);
      ({ state } = happens(state, WAKE, at));
      const then = happens(state, answered(rows, at), at);
      said.push(...then.does);
      ({ state } = then);
    }
    expect(said.filter((words) => /deliver|missing|done/.test(words))).toEqual([
      'deliver 10', 'missing 11–12', 'deliver 13.25', 'missing 14–14', 'deliver 15', 'done',
    ]); // prettier-ignore
  });
});

describe('a row of which no candle can be made', () => {
  const begins: Happened = [['9:30', answered([8, 9], '9:30')], ...overdue];
  const shows = (at: string, rejected = [oddRow(10)], rows: number[] = []) =>
    answered(rows, at, { rejected, before: 12 * MINUTE });
  const times = (rows: readonly (readonly [string, SeriesEvent])[]): Happened =>
    rows.flatMap(([at, event]): Happened => [[at, event], [`0:${String((ms(at) + 1260) / 1000)}`, WAKE]]); // prettier-ignore
  const four = times(['11:04.200', '11:05.560', '11:06.920', '11:08.280'].map((at) => [at, shows(at)]));
  const mixed = times([['11:04.200', shows('11:04.200')], ['11:05.560', shows('11:05.560', [oddRow(10, ['-2'])])], ['11:06.920', shows('11:06.920')], ['11:08.280', shows('11:08.280')]]); // prettier-ignore
  const inTurn = (rejected: RejectedRow[], rows = [12]): Happened =>
    times(['13:04.200', '13:05.560', '13:06.920', '13:08.280'].map((at) => [at, shows(at, rejected, rows)]));
  const inARow = inTurn([oddRow(10), oddRow(11)]);

  table([
    ['is asked for again, in time for the next confirmation', () => series(begins), shows('11:04.200'), '11:04.200', [], '11:05.460'],
    ['is rejected when five answers over five seconds agree on it', () => series([...begins, ...four]), shows('11:09.640'), '11:09.640', ['rejected 10 (odd)', 'missing 10–10 (rejected)'], '12:04.009'],
    ['is not rejected by answers that differ', () => series([...begins, ...mixed]), shows('11:09.640'), '11:09.640', [], '11:10.900'],
    ['is not rejected while a row may still come right', () => series([['10:30', LOST], ['11:02.009', WAKE]]), shows('11:02.050'), '11:02.050', [], '11:03.050'],
    ['has less weight than a frame', () => series([...begins, ...four]), closed(10), '11:09.640', ['deliver 10', 'cancel'], '12:04.009'],
    ['has less weight than a row of another answer', () => series([...begins, ...four]), answered([10, 11], '12:04.200'), '12:04.200', ['deliver 10', 'rescued 10, 64201 ms late'], '12:05.210'],
    ['is told one by one, and missing in one range', () => series([['9:30', answered([8, 9], '9:30')], ...live, ['13:02', closed(12)], ...inARow]), shows('13:09.640', [oddRow(10), oddRow(11)], [12]), '13:09.640', ['rejected 10 (odd)', 'rejected 11 (odd)', 'missing 10–11 (rejected)', 'deliver 12', 'gap 10–11 filled after 7640 ms'], '14:04.009'],
    ['is told apart from one that is absent after it', () => series([['9:30', answered([8, 9], '9:30')], ...live, ['13:02', closed(12)], ...inTurn([oddRow(10)])]), shows('13:09.640', [oddRow(10)], [12]), '13:09.640', ['rejected 10 (odd)', 'missing 10–10 (rejected)', 'missing 11–11', 'deliver 12', 'gap 10–11 filled after 7640 ms'], '14:04.009'],
    ['is told apart from one that is absent before it', () => series([['9:30', answered([8, 9], '9:30')], ...live, ['13:02', closed(12)], ...inTurn([oddRow(11)])]), shows('13:09.640', [oddRow(11)], [12]), '13:09.640', ['missing 10–10', 'rejected 11 (odd)', 'missing 11–11 (rejected)', 'deliver 12', 'gap 10–11 filled after 7640 ms'], '14:04.009'],
    ['makes us look for the beginning of a series that we know no earlier candle of', () => series(overdue), shows('11:04.200', [oddRow(10)], [11]), '11:04.200', ['find first open'], 'never'],
    ['is rejected once a close before it shows that the series has begun', () => series([...live, ['13:02', WAKE], ...inTurn([oddRow(10), oddRow(11)], []), ['13:09.640', shows('13:09.640', [oddRow(10), oddRow(11)])]]), closed(10), '13:10', ['deliver 10', 'rejected 11 (odd)', 'missing 11–11 (rejected)', 'read 12 to before 14'], '13:12'],
    ['is asked for no more often once it is proven in a series that we know no earlier candle of', () => series([...overdue, ...four]), shows('11:09.640'), '11:09.640', [], '11:10.900'],
    ['shows that the series has begun', () => series([...live, ['11:04.009', WAKE]]), shows('11:04.200', [oddRow(9)]), '11:04.200', [], '11:05.200'],
  ]); // prettier-ignore
});

describe('a series that starts within a slot', () => {
  const start = () => startSeries({ ...RULES, warmUp: true }, 10.5 * MINUTE, 12 * MINUTE);
  const asked = () => happens(start(), WAKE, '20:00').state;
  const does = (rows: readonly (number | Candle)[]) => happens(asked(), answered(rows, '20:00.200'), '20:00.200').does;

  it('reads the slot from its beginning', () => {
    expect(happens(start(), WAKE, '20:00').does).toEqual(['read 10 to before 13']);
  });

  it('expects nothing in it where the candle before fills it', () => {
    expect(does([10, 11, 12])).toEqual(['deliver 11', 'done']);
  });

  it('takes what opens in it', () => {
    expect(does([row('10:00', '10:40'), row('10:40', '11:00'), candle(11), candle(12)])).toEqual([
      expect.stringMatching(/^deliver 10\.6/), 'deliver 11', 'done',
    ]); // prettier-ignore
  });

  it('expects nothing in it where the candle before opened a millisecond before and fills it', () => {
    const late = candle(0, { timestamp: 10.5 * MINUTE - 1, closeTime: 11 * MINUTE - 1, source: 'backfill' });
    expect(does([late, 11, 12])).toEqual(['deliver 11', 'done']);
  });

  it.each<[string, SeriesEvent]>([
    ['an answer does not show the candle before', answered([], '20:00.200')],
    ['the series begins where it starts', firstOpen(10.5)],
  ])('reads the slot from its beginning again where %s', (_, event) => {
    const { state } = happens(asked(), event, '20:00.200');
    const words = [...happens(asked(), event, '20:00.200').does, ...happens(state, WAKE, '20:01.200').does];
    expect(words.filter((word) => word.startsWith('read'))).toEqual([expect.stringMatching(/^read 10 to/)]);
  });

  it('looks again where the candle before was cut short, or is not shown', () => {
    expect(does([row('10:00', '10:40'), candle(11), candle(12)])).toEqual([]);
    expect(does([11, 12])).toEqual(['find first open']);
  });
});

describe('an end', () => {
  const ending = () => series([...live, ['10:40', until(11)]]);
  table([
    ['is reached with the last candle', ending, closed(10), '11:00.050', ['deliver 10', 'done'], 'never'],
    ['is waited for while the last candle lacks', ending, WAKE, '11:01', [], '11:04.009'],
    ['is reached at once where nothing more is to come', () => series(live), until(10), '10:40', ['done'], 'never'],
    ['is never passed, whatever waits behind it', () => series([...behindAHole, ['12:03', closed(12)], ['12:04', until(12)]]), closed(10), '12:05', ['deliver 10', 'deliver 11', 'gap 10–10 filled after 2991 ms', 'done'], 'never'],
    ['forgets what waits behind it, and closes the gap', () => series(behindAHole), until(10), '12:03', ['gap 10–10 filled after 991 ms', 'done'], 'never'],
  ]); // prettier-ignore
});

const past = { rules: { warmUp: true }, until: 13 };
const failedTwice: Happened = [['20:00', WAKE], ['20:00.200', FAILED], ['20:01.200', WAKE], ['20:01.400', FAILED]]; // prettier-ignore
const showsNothing: Happened = [0, 1].flatMap((n): Happened => {
  const at = `20:0${String(n)}.200`;
  return [[`20:0${String(n)}`, WAKE], [at, answered([], at, { before: 14 * MINUTE })]]; // prettier-ignore
});

describe('the past', () => {
  table([
    ['is read at once, up to the candle that proves its end', () => series([], past), WAKE, '20:00', ['read 10 to before 14'], 'never'],
    ['is delivered as far as it is final, with no word of lateness', () => series([['20:00', WAKE]], past), answered([10, 11, 12, 13], '20:00.200'), '20:00.200', ['deliver 10', 'deliver 11', 'deliver 12', 'done'], 'never'],
    ['is read on where a page ended', () => series([['20:00', WAKE]], past), answered([10, 11], '20:00.200'), '20:00.200', ['deliver 10', 'read 11 to before 14'], 'never'],
    ['tells that it waits when REST fails', () => series([['20:00', WAKE]], past), FAILED, '20:00.200', ['gap 10–12 opened (REST: timeout)'], '20:01.200'],
    ['tells that the waiting is over', () => series([...failedTwice, ['20:03.400', WAKE]], past), answered([10, 11, 12, 13], '20:04'), '20:04', ['deliver 10', 'deliver 11', 'deliver 12', 'gap 10–12 filled after 3800 ms', 'done'], 'never'],
    ['takes closes from the stream too', () => series([['12:30', WAKE]], past), closed(10), '12:30', ['deliver 10'], 'never'],
    ['looks for its beginning where pages stay empty', () => series(showsNothing, past), WAKE, '20:03.200', ['find first open'], '20:11.200'],
    ['begins where the exchange’s candles do', () => series([...showsNothing, ['20:03.200', WAKE]], past), firstOpen(12), '20:04', ['read 12 to before 21, in doubt'], '20:11.200'],
    ['is over where the exchange’s candles begin after it', () => series([...showsNothing, ['20:03.200', WAKE]], past), firstOpen(15), '20:04', ['gap 10–12 filled after 2800 ms', 'done'], 'never'],
    ['is read again where the search found nothing', () => series([...showsNothing, ['20:03.200', WAKE], ['20:04', firstOpen(Infinity)]], past), WAKE, '20:08', ['read 10 to before 21, in doubt'], '20:11.200'],
  ]); // prettier-ignore
});

it('goes on where the exchange begins once it gives nothing as old as the next candle any more', () => {
  const cut = (minutes: readonly number[], at: string): SeriesEvent => {
    const event = answered(minutes, at, { from: 12 * MINUTE });
    return event.kind === 'answer' ? { ...event, answer: { ...event.answer, isCut: true } } : event;
  };
  const times = ['20:00.200', '20:02', '20:04'];
  const happened = times.flatMap((at): Happened => [[at, WAKE], [at, cut([12, 13, 14], at)]]); // prettier-ignore
  const begun = answered([9, 12, 13, 14], '19:50', { from: 9 * MINUTE, before: 10 * MINUTE });
  const state = series([['19:50', WAKE], ['19:50', begun], ...happened], past); // prettier-ignore
  expect(state.hasStarted).toBe(false);
  expect(happens(state, firstOpen(12), '20:05').does).toContain('deliver 12');
});

it('the past that begins later than was asked for is told where the exchange may have had more, and nowhere else', () => {
  // In our time: 0 is the epoch, where everything is asked for.
  const start = Date.UTC(2026, 0, 1);
  const from = startSeries({ ...RULES, warmUp: true }, start + 1, start + 20 * MINUTE);
  const found = (isTruncated: boolean, state = from): readonly SeriesOutput[] => {
    const at = { exchange: start + 30 * MINUTE, atLeast: start + 30 * MINUTE, local: 0 };
    const { outputs } = step(state, { kind: 'first open', openTime: start + 12 * MINUTE, isTruncated }, at);
    return outputs.filter(({ kind }) => kind === 'truncated');
  };
  expect(found(true)).toEqual([{ kind: 'truncated', from: start + MINUTE, to: start + 11 * MINUTE }]);
  expect(found(false)).toEqual([]);
  expect(found(true, startSeries({ ...RULES, warmUp: true }, 0))).toEqual([]);
  expect(found(true, startSeries(RULES, start))).toEqual([]);
  expect(found(true, startSeries({ ...RULES, warmUp: true }, start + 11 * MINUTE))).toHaveLength(1);
  expect(found(true, startSeries({ ...RULES, warmUp: true }, start + 12 * MINUTE))).toEqual([]);
  expect(found(true, startSeries({ ...RULES, warmUp: true }, EARLIEST_TIME))).toHaveLength(1);
});

describe('answers that begin behind the next candle, of an exchange that keeps only so much', () => {
  /** What a series does whose beginning is known, in rounds of a minute: an answer, and the time for another read. */
  function rounds(changes: Partial<Answer>): readonly string[] {
    let state = series([['9:30', answered([8, 9], '9:30')], ...overdue]);
    return [15, 16, 17, 18].map((minute) => {
      const at = `${String(minute)}:00`;
      const heard = happens(state, answered([12, 13], at, { from: 12 * MINUTE, before: 14 * MINUTE, ...changes }), at);
      const woken = happens(heard.state, WAKE, `${String(minute)}:40`);
      ({ state } = woken);
      return [...heard.does, ...woken.does].find((words) => /^find|^missing/.test(words)) ?? '';
    });
  }

  it('are believed after reads that brought nothing: what it still gives is looked for', () => {
    expect(rounds({ isCut: true })).toEqual(['', '', '', 'find first open']);
  });

  it('are not where the exchange may give the rest in its time', () => {
    expect(rounds({})).toEqual(['', '', '', '']);
    expect(rounds({ isCut: false })).toEqual(['', '', '', '']);
  });

  it('are not where they speak of the next candle after all', () => {
    expect(rounds({ isCut: true, from: 10 * MINUTE })).not.toContain('find first open');
  });
});

/** The stream is acknowledged, and every close of these minutes has to be fetched. */
function fetched(minutes: readonly number[], changes: Partial<Candle> = {}): { state: SeriesState; said: string[] } {
  const said: string[] = [];
  let state = series(live);
  for (const minute of minutes) {
    const row = candle(minute, { ...changes, source: 'backfill' });
    for (const seconds of ['04.200', '05.600']) {
      const at = `${String(minute + 1)}:${seconds}`;
      const then = happens(state, answered([row], at), at);
      said.push(...then.does);
      ({ state } = happens(then.state, WAKE, `${String(minute + 1)}:05.300`));
    }
  }
  return { state, said: said.filter((words) => words.startsWith('silent')) };
}

describe('a stream that is acknowledged and does not send closes', () => {
  it('is silent after three candles that it should have sent, and after each three more', () => {
    // It did not carry the candle of minute 10 from its beginning.
    expect(fetched([10, 11, 12]).said).toEqual([]);
    expect(fetched([10, 11, 12, 13, 14, 15, 16]).said).toEqual(['silent since 11', 'silent since 11']);
  });

  it('is not silent where nothing was traded: the exchange need not push that', () => {
    expect(fetched([10, 11, 12, 13, 14, 15], { volume: 0, trades: 0 }).said).toEqual([]);
  });

  it('is silent by what was traded, whether or not the venue counts trades', () => {
    expect(fetched([10, 11, 12, 13], { trades: null }).said).toEqual(['silent since 11']);
    expect(fetched([10, 11, 12, 13], { trades: 0 }).said).toEqual(['silent since 11']);
    expect(fetched([10, 11, 12, 13], { volume: 0, trades: null }).said).toEqual([]);
  });

  it('should have sent the candle that opened the moment it was acknowledged', () => {
    const late: Happened = [['10:00', LIVE], ['11:04.009', WAKE], ['11:04.200', answered([10], '11:04.200')]]; // prettier-ignore
    expect(happens(series(late), answered([10], '11:05.600'), '11:05.600').state.missedCloses).toBe(1);
  });

  it('is heard again with any close, even one that came already', () => {
    const { state } = fetched([10, 11, 12]);
    expect(state.missedCloses).toBe(2);
    expect(happens(state, closed(12), '13:06').state.missedCloses).toBe(0);
  });
});

it(`keeps ${String(MAX_WAITING)} candles waiting behind a hole, and reads later ones again`, () => {
  let state = series(live);
  for (let minute = 11; minute <= 11 + MAX_WAITING; minute += 1)
    ({ state } = happens(state, closed(minute), '11:00.050'));
  expect(state.known).toHaveLength(MAX_WAITING);
  const { state: after } = happens(state, closed(10), '11:00.060');
  expect(after.next).toBe((10 + MAX_WAITING) * MINUTE);
});

it(`keeps ${String(MAX_WAITING)} rows waiting behind a hole, and reads later ones again`, () => {
  const rows = Array.from({ length: MAX_WAITING + 1 }, (_, n) => 11 + n);
  const at = `${String(rows.length + 20)}:00`;
  const { state } = happens(series(live), answered(rows, at), at);
  expect(state.known).toHaveLength(MAX_WAITING);
  expect(state.known[0]?.candle.timestamp).toBe(11 * MINUTE);
});

describe('the nearest row that any answer has shown behind the next candle', () => {
  const nextSeenRow = (...answers: readonly SeriesEvent[]) => {
    const times = answers.map((_, n) => `2:00:${String(10 + n)}`);
    const state = series(answers.map((event, n) => [times[n] ?? '', event]), { until: 20 }); // prettier-ignore
    return (state.nextSeenRow ?? Infinity) / MINUTE;
  };
  const shows = (rows: readonly number[], rejected: readonly number[] = []) =>
    answered(rows, '2:00:00', { rejected: rejected.map((minute) => oddRow(minute)) });

  it.each<[string, readonly SeriesEvent[], number]>([
    ['is none as long as nothing is shown', [shows([])], Infinity],
    ['lies within the series or behind its end', [shows([30])], 30],
    ['is not one that may still change', [shows([120])], Infinity],
    ['is not the next candle itself', [shows([10, 30])], 30],
    ['may be one of which no candle can be made', [shows([], [25])], 25],
    ['is the nearer of both kinds, a candle', [shows([25], [30])], 25],
    ['is the nearer of both kinds, a row of which none can be made', [shows([30], [25])], 25],
    ['stays when another answer shows only a later one', [shows([30]), shows([40])], 30],
    ['gives way to a nearer one', [shows([40]), shows([30])], 30],
    ['is another once it is the next candle itself', [shows([11], [30]), firstOpen(11), shows([30])], 30],
  ])('%s', (_, answers, expected) => {
    expect(nextSeenRow(...answers)).toBe(expected);
  });
});

describe('whatever comes, in whatever order,', () => {
  const anyEvent = fc.oneof(
    fc.integer({ min: 5, max: 25 }).map((minute) => closed(minute)),
    fc.subarray([8, 9, 10, 11, 12, 13, 14, 15]).map((rows) => answered(rows, '30:00')),
    fc.constantFrom(LIVE, LOST, WAKE, FAILED, firstOpen(0), firstOpen(10), firstOpen(Infinity)),
  );

  it('each open time is delivered or missing once, in rising order, none left out', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyEvent, fc.integer({ min: 0, max: 2000 })), { maxLength: 60 }), (events) => {
        let [state, now] = [series(live), ms('30:00')];
        const told: number[] = [];
        for (const [event, after] of events) {
          now += after;
          const then = happens(state, atMoment(event, now), `0:${String(now / 1000)}`);
          told.push(...then.outputs.flatMap((output) => minutesOf(output)));
          ({ state } = then);
        }
        expect(told).toEqual(told.map((_, n) => 10 + n));
        expect(state.next).toBe((10 + told.length) * MINUTE);
      }),
      { numRuns: 300 },
    );
  });
});

function atMoment(event: SeriesEvent, now: number): SeriesEvent {
  if (event.kind !== 'answer') return event;
  const { rows } = event.answer;
  return answered(rows, `0:${String(now / 1000)}`, { from: 10 * MINUTE });
}

/** The minutes an output accounts for. */
function minutesOf(output: SeriesOutput): number[] {
  if (output.kind === 'deliver') return [output.candle.timestamp / MINUTE];
  if (output.kind !== 'missing') return [];
  const count = (output.to - output.from) / MINUTE + 1;
  return Array.from({ length: count }, (_, n) => output.from / MINUTE + n);
}
