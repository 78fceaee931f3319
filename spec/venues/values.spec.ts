import { expect, it } from 'vitest';
import { isCount, isText, isTime, isWireObject } from '../../src/venues/values.ts';

it.each<readonly [value: unknown, isOne: boolean]>([
  [1719765480000, true], [0, true], [9_999_999_999_999, true],
  [-1, false], [1.5, false], [1e13, false], [1719765480000000, false], [NaN, false], ['1719765480000', false],
])('%j is a time: %s', (value, isOne) => expect(isTime(value)).toBe(isOne)); // prettier-ignore

it.each<readonly [value: unknown, isOne: boolean]>([
  [0, true], [418, true], [-1, false], [1.5, false], [2 ** 53, false], [Infinity, false], ['1', false], [null, false],
])('%j is a count: %s', (value, isOne) => expect(isCount(value)).toBe(isOne)); // prettier-ignore

it.each<readonly [value: unknown, isOne: boolean]>([
  ['BTCUSDT', true], ['', false], [1, false], [undefined, false],
])('%j is a text: %s', (value, isOne) => expect(isText(value)).toBe(isOne)); // prettier-ignore

it.each<readonly [value: unknown, isOne: boolean]>([
  [{}, true], [{ a: 1 }, true], [[], false], [null, false], ['{}', false],
])('%j is an object of the wire: %s', (value, isOne) => expect(isWireObject(value)).toBe(isOne)); // prettier-ignore
