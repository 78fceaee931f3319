import { describe, expect, it } from 'vitest';
import { decideAppend } from '../../src/log/append-decision.ts';
import { linkTo, markAtTail } from '../../src/log/chain.ts';
import { MINUTE, START, minute } from '../support/stored.ts';

const at = (number: number) => START + number * MINUTE;
const entry = (number: number, previous: number | null) => ({
  candle: minute(number),
  previous: previous === null ? null : at(previous),
});
const mark = (number: number, mayBegin = false) => ({ after: at(number), mayBegin });

describe('what is to be done with a candle', () => {
  it.each([
    ['it is the first of its series', 0, undefined, undefined, 'append'],
    ['its predecessor is the last', 5, 4, 4, 'append'],
    ['its predecessor is the last, and the exchange has a gap between', 9, 4, 4, 'append'],
    ['another has stored it', 5, 4, 5, 'already'],
    ['others have gone on', 5, 4, 9, 'already'],
    ['others have begun the series behind it', 0, undefined, 3, 'already'],
    ['the log lost its end', 5, 4, 2, { tail: at(2) }],
    ['the log lost everything', 5, 4, undefined, { tail: undefined }],
    ['the series had begun already', 5, undefined, 3, { tail: at(3) }],
  ])('%s', (_, candle, after, tail, answer) => {
    const time = (number?: number) => (number === undefined ? undefined : at(number));
    expect(decideAppend(at(candle), time(after), time(tail))).toEqual(answer);
  });
});

describe('how an entry follows what a reader has', () => {
  it.each([
    ['its predecessor is the last one', entry(5, 4), mark(4), 'next'],
    ['the exchange has a gap between', entry(9, 4), mark(4), 'next'],
    ['it was delivered', entry(4, 3), mark(4), 'repeat'],
    ['it is older than the beginning', entry(2, 1), mark(4), 'repeat'],
    ['one between is missing', entry(6, 5), mark(4), 'hole'],
    ['the mark is a time between candles', entry(9, 4), mark(7), 'next'],
    ['the log got its end again without the last one', entry(6, 4), mark(5), 'next'],
    ['the log begins behind the mark', entry(6, null), mark(4), 'hole'],
    ['the series begins, and may', entry(6, null), mark(4, true), 'next'],
    ['everything that is there was asked for', entry(6, 5), undefined, 'next'],
  ] as const)('%s', (_, one, from, link) => {
    expect(linkTo(one, from)).toBe(link);
  });
});

describe('where a reader begins that asked for nothing of the past', () => {
  it('behind the last candle, if that had closed when it subscribed', () => {
    expect(markAtTail(entry(4, 3), { subscribedAt: at(5), waitedMs: 10 })).toEqual(mark(4));
  });

  it('with what ran when it subscribed, if the log could be reached only later', () => {
    const { after, mayBegin } = markAtTail(entry(9, 8), { subscribedAt: at(5) + 1000, waitedMs: 6 * MINUTE });
    expect([after >= at(4), after < at(5), mayBegin]).toEqual([true, true, true]);
  });

  it('no farther back than it waited, when this machine has a wrong clock', () => {
    const { after } = markAtTail(entry(9, 8), { subscribedAt: at(0), waitedMs: 100 });
    expect(after).toBe(at(8) - 100);
  });
});
