import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differenceOf } from '../../src/core/set-difference.ts';

describe('differenceOf', () => {
  it('names what is new and what is gone, in the order of their coming', () => {
    expect(differenceOf(new Set(['a', 'b', 'c']), new Set(['d', 'b', 'e']))).toEqual({
      added: ['d', 'e'],
      removed: ['a', 'c'],
    });
  });

  it('turns the one into the other', () => {
    const names = fc.uniqueArray(fc.nat(20)).map((list) => new Set(list));
    fc.assert(
      fc.property(names, names, (told, wanted) => {
        const { added, removed } = differenceOf(told, wanted);
        const result = new Set(told);
        for (const name of removed) result.delete(name);
        for (const name of added) result.add(name);
        expect([...result].sort()).toEqual([...wanted].sort());
        expect(added.length + removed.length).toBe(new Set([...added, ...removed]).size);
      }),
    );
  });
});
