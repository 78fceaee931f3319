import { describe, expect, it } from 'vitest';
import { compare, lowest, rangeOf, sentenceOf, type Verdict } from './bench/lib/compare.mjs';

const WAS = rangeOf([0.5, 0.6, 0.4]);

describe('what the benchmarks’ check says', () => {
  it('commits the median of several runs, and how far they lie apart', () => {
    expect(WAS).toEqual({ least: 0.4, median: 0.5, most: 0.6 });
    expect(rangeOf([1.2345])).toEqual({ least: 1.23, median: 1.23, most: 1.23 });
  });

  it.each<[string, number | undefined, typeof WAS | undefined, Verdict]>([
    ['what it was', 0.5, WAS, 'as ever'],
    ['the highest it was', 0.6, WAS, 'as ever'],
    ['as far above it as noise takes it', 0.68, WAS, 'as ever'],
    ['further above it', 0.7, WAS, 'worse'],
    ['a little below the lowest', 0.36, WAS, 'as ever'],
    ['well below the lowest', 0.3, WAS, 'better'],
    ['of which nothing is committed', 0.5, undefined, 'new'],
    ['that nobody measured', undefined, WAS, 'not measured'],
  ])('of a figure %s (%s)', (_, measured, was, verdict) => {
    const committed = was === undefined ? {} : { flood: was };
    const found = compare(committed, measured === undefined ? {} : { flood: measured });
    expect(found).toEqual([{ figure: 'flood', committed: was, measured, verdict }]);
  });

  it('judges each figure by the lowest look at it', () => {
    expect(lowest({ a: 0.9, b: 0.4 }, { a: 0.5, c: 1 })).toEqual({ a: 0.5, b: 0.4, c: 1 });
  });

  it('says by how much a figure is worse', () => {
    const [worse] = compare({ 'flood, okx': WAS }, { 'flood, okx': 0.75 });
    expect(worse && sentenceOf(worse)).toBe('flood, okx: 0.75, was 0.5 (0.4–0.6): 50 % more');
  });
});
