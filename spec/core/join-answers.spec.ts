import { expect, it } from 'vitest';
import { joinAnswers } from '../../src/core/join-answers.ts';
import { candle } from '../support/candle.ts';

it('two answers about spans that follow each other are one: as old as the first request, as late as the last answer', () => {
  const older = {
    rows: [candle(1)],
    rejected: [],
    from: 0,
    before: 5,
    sentAt: 100,
    sentAtLocal: 10,
    receivedAtLocal: 14,
  };
  const newer = { rows: [candle(7)], rejected: [], from: 5, before: 9, sentAt: 90, sentAtLocal: 8, receivedAtLocal: 9 };
  const times = { sentAt: 90, sentAtLocal: 8, receivedAtLocal: 14 };
  expect(joinAnswers(older, newer)).toEqual({
    rows: [candle(1), candle(7)],
    rejected: [],
    from: 0,
    before: 9,
    ...times,
  });
});

it.each([
  [undefined, undefined, undefined],
  [new Set([0]), undefined, new Set([0])],
  [undefined, new Set([7]), new Set([7])],
  [new Set([0]), new Set([7]), new Set([0, 7])],
])('rows that are called final in one are so in both: %j and %j', (a, b, both) => {
  const answer = { rows: [], rejected: [], from: 0, before: 5, sentAt: 0, sentAtLocal: 0, receivedAtLocal: 0 };
  expect(joinAnswers({ ...answer, final: a }, { ...answer, final: b }).final).toEqual(both);
});
