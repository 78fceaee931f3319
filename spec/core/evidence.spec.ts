import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Candle } from '../../src/core/candle.ts';
import { settledRows, withAnswer, type Answer, type Evidence, type RejectedRow } from '../../src/core/evidence.ts';
import { openTimeBefore } from '../../src/core/grid.ts';
import { provenHoleAt, withConfirmations, type Hole } from '../../src/core/holes.ts';
import { EVIDENCE } from '../../src/core/missing-rules.ts';
import { candle } from '../support/candle.ts';

const MINUTE = 60_000;
const SETTLE = 2000;
const ANSWER_TAKES = 20;
const GRID = { interval: '1m', gridPoint: 0 } as const;
const TEN = 10 * MINUTE;
const WANTED = {
  after: TEN - 1,
  next: TEN,
  latest: TEN,
  until: Infinity,
  grid: GRID,
  settleMs: SETTLE,
  evidence: EVIDENCE,
};
/** The first moment at which a read may believe the candle of minute 10. */
const SETTLED_10 = 11 * MINUTE + SETTLE;

/** An answer about [10, 30) that was asked for at `sent`, on both clocks, and holds these minutes. */
function answerAt(sent: number, rows: readonly (number | Candle)[], changes: Partial<Answer> = {}): Answer {
  return {
    rows: rows.map((row) => (typeof row === 'number' ? candle(row, { source: 'backfill' }) : row)),
    rejected: [],
    from: 10 * MINUTE,
    before: 30 * MINUTE,
    sentAt: sent,
    sentAtLocal: sent,
    receivedAtLocal: sent + ANSWER_TAKES,
    ...changes,
  };
}

const minutesOf = (candles: readonly Candle[]) => candles.map(({ timestamp }) => timestamp / MINUTE);
const read = (answers: readonly Answer[], known: readonly Evidence[] = [], wanted = WANTED) =>
  answers.reduce<readonly Evidence[]>((so_far, answer) => withAnswer(so_far, answer, wanted), known);
const finals = (known: readonly Evidence[]) => minutesOf(known.filter(({ final }) => final).map((e) => e.candle));
const closed = (minute: number): Evidence => ({ candle: candle(minute), final: true, seenAt: 0 });

describe('a row is considered', () => {
  it.each([
    ['not while its candle runs', 10.5 * MINUTE, []],
    ['not while it may still change', SETTLED_10 - 1, []],
    ['when close time and settle time had passed before the request was sent', SETTLED_10, [10]],
  ])('%s', (_, sentAt, minutes) => {
    expect(minutesOf(settledRows(answerAt(sentAt, [10, 11]), SETTLE))).toEqual(minutes);
  });

  it('by what the exchange’s clock had surely reached, not by ours', () => {
    const doubtful = answerAt(SETTLED_10 + 5000, [10, 11], { sentAt: SETTLED_10 - 1 });
    expect(settledRows(doubtful, SETTLE)).toEqual([]);
    expect(read([doubtful])).toEqual([]);
  });

  it('only where the series still wants it', () => {
    const known = read([answerAt(30 * MINUTE, [8, 9, 10, 11, 12])], [], { ...WANTED, until: 12 * MINUTE });
    expect(minutesOf(known.map((e) => e.candle))).toEqual([10, 11]);
  });
});

describe('the last settled row of an answer', () => {
  const changed = candle(10, { close: 4711, source: 'backfill' });
  const first = SETTLED_10;
  const second = first + ANSWER_TAKES + 1000;

  it.each<[string, readonly Answer[], readonly number[]]>([
    ['proves nothing of itself', [answerAt(first, [10])], []],
    ['is final when a read a second later says the same', [answerAt(first, [10]), answerAt(second, [10])], [10]],
    ['is not final by a read sent sooner than that', [answerAt(first, [10]), answerAt(second - 1, [10])], []],
    [
      'is final by the third read, counted from the first',
      [answerAt(first, [10]), answerAt(first + 500, [10]), answerAt(second, [10])],
      [10],
    ],
    [
      'starts afresh when a read says something else',
      [answerAt(first, [10]), answerAt(second, [changed]), answerAt(second + 500, [changed])],
      [],
    ],
    [
      'starts afresh also when a read goes back to what was said first',
      [answerAt(first, [10]), answerAt(second, [changed]), answerAt(second + 500, [10])],
      [],
    ],
    [
      'is final when the changed row is confirmed in its turn',
      [answerAt(first, [10]), answerAt(second, [changed]), answerAt(second + ANSWER_TAKES + 1000, [changed])],
      [10],
    ],
    [
      'is not undone by an answer without it',
      [answerAt(first, [10]), answerAt(second, []), answerAt(second, [10])],
      [10],
    ],
  ])('%s', (_, answers, minutes) => {
    expect(finals(read(answers))).toEqual(minutes);
  });

  it('measures the second on our clock, whatever the exchange’s clock does', () => {
    const jumped = answerAt(first + 3_600_000, [10], { sentAtLocal: first + 100, receivedAtLocal: first + 120 });
    expect(finals(read([answerAt(first, [10]), jumped]))).toEqual([]);
  });
});

describe('a settled row is final by a later closed candle', () => {
  it.each<[string, readonly Evidence[], Answer, readonly number[]]>([
    ['in the same answer', [], answerAt(SETTLED_10 + MINUTE, [10, 11]), [10]],
    ['not by one in the same answer that may still change', [], answerAt(SETTLED_10 + MINUTE - 1, [10, 11]), []],
    ['not by one that runs', [], answerAt(SETTLED_10, [10, 11]), []],
    ['that the stream closed and that is past settle', [closed(11)], answerAt(SETTLED_10 + MINUTE, [10]), [10, 11]],
    ['not before that one is past settle', [closed(11)], answerAt(SETTLED_10 + MINUTE - 1, [10]), [11]],
    ['though another is missing between them', [], answerAt(20 * MINUTE, [10, 13]), [10]],
  ])('%s', (_, known, answer, minutes) => {
    expect(finals(read([answer], known))).toEqual(minutes);
  });

  it('and what is final stays as it is', () => {
    const late = candle(10, { close: 4711 });
    expect(read([answerAt(20 * MINUTE, [late, 11])], [closed(10)])[0]).toEqual(closed(10));
  });
});

describe('a row that the venue itself calls final', () => {
  const called = (...minutes: readonly number[]) => ({ final: new Set(minutes.map((minute) => minute * MINUTE)) });

  it.each<[string, readonly Answer[], readonly number[]]>([
    ['is so by one read, though nothing follows it', [answerAt(SETTLED_10, [10], called(10))], [10]],
    ['is so before it would be settled', [answerAt(11 * MINUTE + 1, [10, 11], called(10))], [10]],
    ['makes those before it final, and none behind it', [answerAt(12 * MINUTE, [10, 11, 12], called(11))], [10, 11]],
    ['says nothing of the next one', [answerAt(12 * MINUTE + SETTLE, [10, 11], called(10))], [10]],
    ['is not so by an answer that does not call it final', [answerAt(SETTLED_10, [10], called())], []],
    ['needs no earlier read to agree', [answerAt(SETTLED_10, [candle(10, { close: 4711 })]), answerAt(SETTLED_10 + 1, [10], called(10))], [10]],
  ])('%s', (_, answers, minutes) => {
    expect(finals(read(answers))).toEqual(minutes);
  }); // prettier-ignore

  it('makes its answer a confirmation of what is missing before it', () => {
    const answer = answerAt(12 * MINUTE, [11], called(11));
    const holes = withConfirmations([], read([answer]), { answer, wanted: WANTED });
    expect(holes).toMatchObject([{ from: TEN, before: 11 * MINUTE, answers: 1 }]);
  });
});

/** What is known and which holes are open after these answers. */
function ask(answers: readonly Answer[], start: readonly Evidence[] = [], wanted = WANTED) {
  let known = start;
  let holes: readonly Hole[] = [];
  for (const answer of answers) {
    known = withAnswer(known, answer, wanted);
    holes = withConfirmations(holes, known, { answer, wanted });
  }
  return { known, holes };
}

const shown = (holes: readonly Hole[]) =>
  [...holes].sort((a, b) => a.from - b.from).map((h) => [h.from / MINUTE, h.before / MINUTE, h.answers]);
const proven = (holes: readonly Hole[]) =>
  shown(holes.filter((hole) => hole.proven)).map(([from, before]) => [from, before]);
/** `count` equal answers, the last sent `overMs` after the first was received. */
const answers = (count: number, overMs: number, { rows = [13], sent = 20 * MINUTE } = {}) =>
  Array.from({ length: count }, (_, n) =>
    answerAt(n === 0 ? sent : sent + ANSWER_TAKES + Math.round((overMs * n) / (count - 1)), rows),
  );

describe('candles are missing at the exchange', () => {
  it.each<[string, readonly Answer[], readonly (readonly number[])[]]>([
    ['when five answers over five seconds lack them', answers(5, 5000), [[10, 13]]],
    ['not by four answers', answers(4, 60_000), []],
    ['not by five in less time', answers(5, 4999), []],
    ['not by one answer, whatever it shows', answers(1, 0), []],
    [
      'when three over one second lack them, more than an hour later',
      answers(3, 1000, { sent: 74 * MINUTE }),
      [[10, 13]],
    ],
    ['not by three within the hour', answers(3, 1000, { sent: 73 * MINUTE - 2000 }), []],
    ['not by three in less than a second', answers(3, 999, { sent: 74 * MINUTE }), []],
    ['not by two, however old they are', answers(2, 60_000, { sent: 7400 * MINUTE }), []],
    ['never by answers without a later candle', answers(20, 60_000, { rows: [] }), []],
    ['never by answers whose later candle may still change', answers(9, 9000, { sent: 14 * MINUTE + 1999 - 9020 }), []],
  ])('%s', (_, given, expected) => {
    expect(proven(ask(given).holes)).toEqual(expected);
  });

  it('and a candle that any answer showed is not', () => {
    const seenOnce = [
      ...answers(3, 3000),
      answerAt(20 * MINUTE + 4000, [11, 13]),
      ...answers(5, 5000, { sent: 21 * MINUTE }),
    ];
    expect(proven(ask(seenOnce).holes)).toEqual([[10, 11], [12, 13]]); // prettier-ignore
  });

  it('nor is one that the stream closed', () => {
    expect(proven(ask(answers(5, 5000), [closed(12)]).holes)).toEqual([[10, 12]]);
  });

  it('and a later candle from the stream alone is no right neighbour', () => {
    expect(ask(answers(9, 9000, { rows: [] }), [closed(13)]).holes).toEqual([]);
  });

  it('as far as the series is wanted', () => {
    expect(proven(ask(answers(5, 5000), [], { ...WANTED, until: 12 * MINUTE }).holes)).toEqual([[10, 12]]);
  });
});

describe('a hole', () => {
  it('that splits keeps its confirmations on both sides', () => {
    const { holes } = ask([...answers(4, 4000), answerAt(20 * MINUTE + 5020, [11, 13])]);
    expect(shown(holes)).toEqual([[10, 11, 5], [12, 13, 5]]); // prettier-ignore
  });

  it('that splits at the end of a page keeps its confirmations beyond it', () => {
    const page = answerAt(20 * MINUTE + 5020, [11], { before: 12 * MINUTE });
    expect(shown(ask([...answers(4, 4000), page]).holes)).toEqual([[10, 11, 5], [12, 13, 4]]); // prettier-ignore
  });

  it('never holds a candle that is known', () => {
    const { holes } = ask([...answers(5, 5000), answerAt(20 * MINUTE + 6000, [10], { before: 11 * MINUTE })]);
    expect(provenHoleAt(holes, 10 * MINUTE)).toBeUndefined();
    expect(proven(holes)).toEqual([[11, 13]]);
  });

  it('is not spoken of by an answer that ends before it', () => {
    const page = answerAt(20 * MINUTE, [10, 11], { before: 12 * MINUTE });
    expect(ask([page]).holes).toEqual([]);
  });

  it('is not spoken of by an answer that begins behind it', () => {
    const { holes } = ask([answerAt(20 * MINUTE, [13, 15], { from: 13 * MINUTE })]);
    expect(shown(holes)).toEqual([[14, 15, 1]]);
  });

  it('behind the last settled row is no hole yet', () => {
    expect(shown(ask([answerAt(14 * MINUTE, [11, 12, 13])]).holes)).toEqual([[10, 11, 1]]);
  });

  it('stays as it is by an answer that shows no settled row', () => {
    const lacking = answers(2, 1000);
    const empty = answerAt(20 * MINUTE + 2000, []);
    expect(ask([...lacking, empty, { ...empty, from: 12 * MINUTE }]).holes).toEqual(ask(lacking).holes);
  });

  it('is forgotten as far as the series is past it', () => {
    const { known, holes } = ask(answers(2, 1000));
    const wanted = { ...WANTED, after: 12 * MINUTE - 1, next: 12 * MINUTE, latest: 12 * MINUTE };
    const answer = answerAt(20 * MINUTE + 2000, [15], { from: 14 * MINUTE });
    expect(shown(withConfirmations(holes, known, { answer, wanted }))).toEqual([[12, 13, 2], [14, 15, 1]]); // prettier-ignore
  });

  it('has no confirmations but those that lacked all of it, to its beginning', () => {
    const later = answers(4, 4000).map((answer) => ({ ...answer, from: 11 * MINUTE }));
    expect(shown(ask(later).holes)).toEqual([[11, 13, 4]]);
    expect(shown(ask([...later, answerAt(20 * MINUTE + 5020, [13])]).holes)).toEqual([[10, 13, 1]]);
  });

  it('has no confirmations but those that lacked all of it, to its end', () => {
    const rejected = [{ timestamp: 11 * MINUTE, row: ['-1'], reason: 'odd' }];
    const shorter = answers(4, 4000, { rows: [] }).map((answer) => ({ ...answer, rejected }));
    expect(shown(ask(shorter).holes)).toEqual([[10, 11, 4], [11, 12, 4]]); // prettier-ignore
    expect(shown(ask([...shorter, answerAt(20 * MINUTE + 5020, [13])]).holes)).toEqual([[10, 13, 1]]);
  });

  it('does not grow over a candle that was shown before', () => {
    const { holes } = ask([...answers(4, 4000, { rows: [12] }), answerAt(20 * MINUTE + 5020, [13])]);
    expect(shown(holes)).toEqual([[10, 12, 5]]);
  });

  it('is found by any open time in it, once proven', () => {
    const { holes } = ask(answers(5, 5000));
    expect([9, 10, 12, 13].map((minute) => provenHoleAt(holes, minute * MINUTE) !== undefined)).toEqual([
      false, true, true, false,
    ]); // prettier-ignore
    expect(provenHoleAt(ask(answers(4, 5000)).holes, 10 * MINUTE)).toBeUndefined();
  });
});

describe('rows of which no candle can be made', () => {
  const odd = (minute: number, text = '-1') => ({ timestamp: minute * MINUTE, row: [minute, text], reason: 'odd' });
  const showing = (rejected: readonly RejectedRow[], rows: readonly number[] = [13], changes: Partial<Answer> = {}) =>
    answers(5, 5000).map((answer) => ({ ...answerAt(answer.sentAt, rows, { rejected, ...changes }) }));
  const parts = (holes: readonly Hole[]) =>
    [...holes]
      .sort((a, b) => a.from - b.from)
      .map((h) => [h.from / MINUTE, h.before / MINUTE, h.rejected?.timestamp === h.from, h.proven]);

  it('are holes of their own, a slot long', () => {
    expect(parts(ask(showing([odd(11)])).holes)).toEqual([
      [10, 11, false, true], [11, 12, true, true], [12, 13, false, true],
    ]); // prettier-ignore
    expect(parts(ask(showing([odd(10), odd(11)], [12])).holes)).toEqual([
      [10, 11, true, true],
      [11, 12, true, true],
    ]);
  });

  it('leave the holes before a candle alone that lie behind it', () => {
    expect(parts(ask(showing([odd(12)], [11, 13])).holes)).toEqual([
      [10, 11, false, true],
      [12, 13, true, true],
    ]);
  });

  it('make room for another row in their slot', () => {
    expect(parts(ask(showing([odd(10), odd(10.5)], [11])).holes)).toEqual([
      [10, 10.5, true, true],
      [10.5, 11, true, true],
    ]);
    expect(parts(ask(showing([odd(10.5)], [11])).holes)).toEqual([
      [10, 10.5, false, true],
      [10.5, 11, true, true],
    ]);
  });

  it('prove themselves where no candle comes after them: a page of them alone makes progress', () => {
    expect(parts(ask(showing([odd(10), odd(11)], [])).holes)).toEqual([
      [10, 11, true, true],
      [11, 12, true, true],
    ]);
  });

  it('are not yet to be judged while they may change', () => {
    const early = answerAt(12 * MINUTE + SETTLE - 1, [], { rejected: [odd(10), odd(11)] });
    expect(parts(ask([early]).holes)).toEqual([[10, 11, true, false]]);
    expect(parts(ask([{ ...early, sentAt: early.sentAt + 1 }]).holes)).toHaveLength(2);
  });

  it('say nothing of a candle behind them that may still change', () => {
    const late = candle(0, { timestamp: 10.5 * MINUTE, closeTime: 13 * MINUTE });
    const answer = answerAt(12 * MINUTE, [late], { rejected: [odd(10)] });
    expect(parts(ask([answer]).holes)).toEqual([]);
  });

  it.each<[string, readonly RejectedRow[][]]>([
    ['say something else', [[odd(10)], [odd(10)], [odd(10)], [odd(10, '-2')], [odd(10)]]],
    ['are left out in between', [[odd(10)], [odd(10)], [odd(10)], [], [odd(10)]]],
  ])('start afresh when they %s', (_, said) => {
    const given = answers(5, 5000).map(({ sentAt }, n) => answerAt(sentAt, [11], { rejected: said[n] ?? [] }));
    expect(ask(given).holes.map((hole) => [hole.answers, hole.proven])).toEqual([[1, false]]);
  });

  it('are not spoken of by an answer that ends within their slot, unless the series does', () => {
    const cut = showing([odd(10)], [], { before: 10.5 * MINUTE });
    expect(ask(cut).holes).toEqual([]);
    const until = 10.5 * MINUTE;
    expect(parts(ask(cut, [], { ...WANTED, until }).holes)).toEqual([[10, 10.5, true, true]]);
  });

  it('have less weight than a candle of the same time', () => {
    expect(ask(showing([odd(10)], [11]), [closed(10)]).holes).toEqual([]);
    expect(parts(ask(showing([odd(10)], [12]), [closed(10)]).holes)).toEqual([[11, 12, false, true]]);
  });
});

describe('between candles off the grid', () => {
  const row = (from: number, to: number) => candle(0, { timestamp: from * MINUTE, closeTime: to * MINUTE - 1 });
  const holesOf = (rows: readonly Candle[]) => shown(ask([answerAt(40 * MINUTE, rows)]).holes);

  it.each<[string, readonly Candle[], readonly (readonly number[])[]]>([
    ['nothing is missing where one opens as the other ends', [row(10, 11.25), row(11.25, 12.25), row(12.25, 13)], []],
    ['nothing is missing where they overlap', [row(10, 11.5), row(11, 12), row(12, 13)], []],
    ['nothing is missing where one is covered as a whole', [row(10, 12), row(11, 12), row(12, 13)], []],
    ['the slot that one covers is still looked for', [row(10, 12), row(12, 13)], [[11, 12, 1]]],
    ['there is room where one is cut short', [row(10, 10.5), row(11, 12)], [[10.5, 11, 1]]],
    ['there is none where another opens there', [row(10, 10.5), row(10.5, 11), row(11, 12)], []],
    ['there is room from the slot on where one is left out', [row(10, 11.25), row(12.25, 13.25)], [[11, 12.25, 1]]],
    ['one within another ends nothing', [row(10, 11), row(10.25, 10.5), row(11, 12)], []],
  ])('%s', (_, rows, holes) => {
    expect(holesOf(rows)).toEqual(holes);
  });

  it('nothing is missing before one that opens as the last one delivered ends, late', () => {
    const wanted = { ...WANTED, after: 10 * MINUTE, next: 11 * MINUTE, latest: 11.25 * MINUTE };
    const answer = answerAt(40 * MINUTE, [row(11.25, 12.25), row(12.25, 13)], { from: 11 * MINUTE });
    expect(ask([answer], [], wanted).holes).toEqual([]);
  });

  it('nothing is missing before the first open time that an answer speaks of', () => {
    const answer = answerAt(40 * MINUTE, [13], { from: 12 * MINUTE });
    expect(shown(ask([answer], [closed(11)]).holes)).toEqual([[12, 13, 1]]);
  });

  it('what one ends with is not believed beyond two lengths', () => {
    const endless = candle(0, { timestamp: 10 * MINUTE, closeTime: 9e12 });
    expect(settledRows(answerAt(12 * MINUTE + SETTLE, [endless]), SETTLE)).toEqual([]);
    expect(settledRows(answerAt(12 * MINUTE + SETTLE + 1, [endless]), SETTLE)).toEqual([endless]);
  });

  it('only what is after the last one delivered is wanted', () => {
    const wanted = { ...WANTED, after: 10 * MINUTE, next: 11 * MINUTE, latest: 11 * MINUTE };
    const known = read([answerAt(40 * MINUTE, [10, row(10.5, 11.5), 11, 12])], [], wanted);
    expect(minutesOf(known.map((e) => e.candle))).toEqual([10.5, 11, 12]);
  });
});

it('keeps the confirmations of a hole that an answer begins behind', () => {
  const { holes } = ask([...answers(4, 4000), answerAt(20 * MINUTE + 5020, [13], { from: 12 * MINUTE })]);
  expect(shown(holes)).toEqual([[10, 12, 4], [12, 13, 5]]); // prettier-ignore
});

it.each([
  ['1m', 10 * MINUTE, 0, 9 * MINUTE],
  ['1m', 10 * MINUTE + 1, 0, 10 * MINUTE],
  ['1M', Date.UTC(2024, 2, 1), 0, Date.UTC(2024, 1, 1)],
  ['3d', Date.UTC(2024, 0, 8), Date.UTC(2024, 0, 2), Date.UTC(2024, 0, 5)],
] as const)('knows the last open time of %s before %d', (interval, time, gridPoint, expected) => {
  expect(openTimeBefore(time, interval, gridPoint)).toBe(expected);
});

describe('whatever answers say, in whatever order,', () => {
  const someRows = fc.subarray([10, 11, 12, 13, 14, 15]);
  const someAnswers = fc.array(
    fc.record({
      rows: someRows,
      afterMs: fc.integer({ min: 0, max: 3000 }),
      lastAsked: fc.integer({ min: 11, max: 30 }),
    }),
    { maxLength: 12 },
  );

  it('nothing is both known and missing, and what is known rises', () => {
    fc.assert(
      fc.property(someAnswers, (said) => {
        let sent = 20 * MINUTE;
        const given = said.map(({ rows, afterMs, lastAsked }) =>
          answerAt((sent += afterMs + ANSWER_TAKES), rows.filter((minute) => minute < lastAsked), { before: lastAsked * MINUTE }),
        ); // prettier-ignore
        const { known, holes } = ask(given);
        const minutes = minutesOf(known.map((e) => e.candle));
        expect(minutes).toEqual([...new Set(given.flatMap(({ rows }) => minutesOf(rows)))].sort((a, b) => a - b));
        const inHole = (hole: Hole) => minutes.some((m) => hole.from <= m * MINUTE && m * MINUTE < hole.before);
        expect(holes.filter(inHole)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
