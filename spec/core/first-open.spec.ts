import { describe, expect, it } from 'vitest';
import { isFound, newSearch, nextLook, type Search } from '../../src/core/first-open.ts';

const MINUTE = 60_000;
const OLDEST = { pagesFrom: 'oldest', maxSpanMs: Infinity } as const;
const NEWEST = { pagesFrom: 'newest', maxSpanMs: 500 * MINUTE } as const;
const fresh = newSearch({ from: 0, before: 1000 * MINUTE }, '1m');
const after = (search: Search, rules: typeof OLDEST | typeof NEWEST, ...answers: readonly (number | undefined)[]) =>
  answers.reduce<Search>(
    (state, minute) => nextLook(state, rules).learn(minute === undefined ? undefined : minute * MINUTE),
    search,
  );

describe('the next look', () => {
  it.each<[string, Search, typeof OLDEST | typeof NEWEST, number, number]>([
    ['is at the whole span where the oldest row comes', fresh, OLDEST, 0, 1000],
    ['is at the earliest row and what lies before it then', after(fresh, OLDEST, 300), OLDEST, 0, 300 + 1 / MINUTE],
    ['is at the longest allowed span before the end where the newest row comes', fresh, NEWEST, 500, 1000],
    ['steps back when nothing was there', after(fresh, NEWEST, undefined), NEWEST, 0, 500],
    [
      'begins again at the end when nothing was anywhere',
      after(fresh, NEWEST, undefined, undefined),
      NEWEST,
      500,
      1000,
    ],
    ['halves what lies before the earliest row', after(fresh, NEWEST, 800), NEWEST, 0, 400],
    ['halves upwards when nothing was there', after(fresh, NEWEST, 800, undefined), NEWEST, 100, 600],
    ['halves downwards from a row', after(fresh, NEWEST, 800, undefined, 590), NEWEST, 0, 495],
    ['believes no half that a later row contradicts', after(fresh, NEWEST, 800, undefined, 390), NEWEST, 0, 195],
  ])('%s', (_, search, rules, from, before) => {
    expect(nextLook(search, rules).request).toEqual({ from: from * MINUTE, before: before * MINUTE });
  });
});

describe('a search', () => {
  it.each<[string, Search, boolean]>([
    ['knows nothing at first', fresh, false],
    ['is not over with two answers that nothing is earlier', after(fresh, OLDEST, 300, 300, 300), false],
    ['is over with three', after(fresh, OLDEST, 300, 300, 300, 300), true],
    ['learns nothing from empty answers', after(fresh, OLDEST, 300, undefined, undefined, undefined, 300, 300), false],
    ['counts anew from an earlier row', after(fresh, OLDEST, 300, 300, 300, 200, 200), false],
    ['is over with a row at the start', after(fresh, OLDEST, 0), true],
  ])('%s', (_, search, over) => {
    expect(isFound(search)).toBe(over);
  });

  it('follows a first row that moves on, as long as no answer shows it again', () => {
    const known = newSearch({ from: 0, before: 301 * MINUTE, enough: 0 }, '1m', 300 * MINUTE);
    const moved = nextLook(known, NEWEST).learn(undefined, 302 * MINUTE);
    expect([moved.earliest, isFound(moved)]).toEqual([302 * MINUTE, false]);
    expect(nextLook(moved, NEWEST).request).toEqual({ from: 0, before: 302 * MINUTE + 1 });
    expect(nextLook(moved, NEWEST).learn(300 * MINUTE).earliest).toBe(300 * MINUTE);
    expect(nextLook(known, NEWEST).learn(undefined, 0).earliest).toBe(300 * MINUTE);
  });

  it('pauses only where it has just looked', () => {
    expect(nextLook(fresh, OLDEST).pause).toBe(false);
    expect(nextLook(after(fresh, OLDEST, 300), OLDEST).pause).toBe(false);
    expect(nextLook(after(fresh, OLDEST, 300, undefined), OLDEST).pause).toBe(true);
    expect(nextLook(after(fresh, NEWEST, undefined), NEWEST).pause).toBe(false);
    expect(nextLook(after(fresh, NEWEST, undefined, undefined), NEWEST).pause).toBe(true);
  });
});
