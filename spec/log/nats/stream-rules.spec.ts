import { describe, expect, it } from 'vitest';
import { brokenRules, differences, rulesOf, versionProblem, type Rules } from '../../../src/log/nats/stream-rules.ts';

const GOOD = rulesOf('CANDLES', {});

it('keeps candles by count alone, and republishes them', () => {
  expect(GOOD).toMatchObject({
    subjects: ['candles.>'],
    max_age: 0,
    max_msgs: -1,
    max_bytes: -1,
    max_msgs_per_subject: 100_000,
  });
  expect(rulesOf('CANDLES', { keep: 'all', replicas: 3 })).toMatchObject({ max_msgs_per_subject: -1, num_replicas: 3 });
  expect(brokenRules(GOOD, 'CANDLES')).toEqual([]);
});

it.each<[string, Rules]>([
  ['max_age', { max_age: 1e9 }],
  ['max_msgs:', { max_msgs: 1000 }],
  ['max_bytes', { max_bytes: 1e6 }],
  ['max_msgs_per_subject', { max_msgs_per_subject: 1 }],
  ['discard old', { discard: 'new' }],
  ['storage', { storage: 'memory' }],
  ['retention', { retention: 'interest' }],
  ['subjects', { subjects: ['other.>'] }],
  ['copy', { sources: [{ name: 'X' }] }],
  ['acknowledge', { no_ack: true }],
  ['sealed', { sealed: true }],
])('finds a stream at fault for its %s', (words, changes) => {
  expect(brokenRules({ ...GOOD, ...changes }, 'CANDLES')).toEqual([expect.stringContaining(words)]);
});

it('finds what differs from what was asked for, and what an older server left out', () => {
  expect(differences(GOOD, GOOD, { keep: 100_000, replicas: 1 })).toEqual([]);
  const { republish, ...without } = GOOD;
  expect(republish).toBeDefined();
  expect(differences(without, GOOD, {})).toEqual(['it must republish candles.> to candles-live.>']);
  expect(differences(GOOD, rulesOf('CANDLES', { keep: 5 }), { keep: 5, replicas: 3 })).toEqual([
    'it keeps 100000 candles of a series, not 5',
    'it has 1 replicas, not 3',
  ]);
});

describe('a server', () => {
  it.each([
    ['2.9.10', 1, undefined],
    ['2.9.20', 3, /twice with 3 replicas; 2.9.21/],
    ['2.9.21', 3, undefined],
    ['2.10.0', 5, undefined],
    ['2.11.0-beta.1', 3, undefined],
    ['2.8.4', 1, /too old/],
    ['', 1, /too old/],
  ])('of version %s with %i replicas', (version, replicas, problem) => {
    if (problem === undefined) expect(versionProblem(version, replicas)).toBeUndefined();
    else expect(versionProblem(version, replicas)).toMatch(problem);
  });
});
