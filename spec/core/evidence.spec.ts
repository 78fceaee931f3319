import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Candle } from '../../src/core/candle.ts';
import {
  openTimeBefore,
  provenHoleAt,
  settledRows,
  withAnswer,
  withVotes,
  witnessesFor,
  type Answer,
  type Evidence,
  type Hole,
} from '../../src/core/evidence.ts';
import { candle } from '../support/candle.ts';

const MINUTE = 60_000;
const SETTLE = 2000;
const ANSWER_TAKES = 20;
const GRID = { interval: '1m', gridPoint: 0 } as const;
const TEN = 10 * MINUTE;
const WANTED = { after: TEN - 1, next: TEN, latest: TEN, until: Infinity, grid: GRID, settleMs: SETTLE };
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

/** What is known and which holes are open after these answers. */
function ask(answers: readonly Answer[], start: readonly Evidence[] = [], wanted = WANTED) {
  let known = start;
  let holes: readonly Hole[] = [];
  for (const answer of answers) {
    known = withAnswer(known, answer, wanted);
    holes = withVotes(holes, known, { answer, wanted });
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
  it('that splits keeps its witnesses on both sides', () => {
    const { holes } = ask([...answers(4, 4000), answerAt(20 * MINUTE + 5020, [11, 13])]);
    expect(shown(holes)).toEqual([[10, 11, 5], [12, 13, 5]]); // prettier-ignore
  });

  it('that splits at the end of a page keeps its witnesses beyond it', () => {
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

it('asks often enough to have the witnesses by the time they suffice', () => {
  for (const age of [60_000, 3_600_000, 3_600_001, 1e12]) {
    const { answers: needed, overMs, everyMs } = witnessesFor(0, age);
    expect((needed - 1) * everyMs).toBeGreaterThanOrEqual(overMs);
  }
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
