import { expect, it } from 'vitest';
import { VENUE_IDS } from '../../src/core/candle.ts';
import { VENUES } from '../../src/venues/registry.ts';

it('has each venue that settings know under its own name, and no other', () => {
  expect(Object.values(VENUES).map(({ id }) => id)).toEqual(Object.keys(VENUES));
  expect(Object.keys(VENUES).sort()).toEqual([...VENUE_IDS].sort());
});
