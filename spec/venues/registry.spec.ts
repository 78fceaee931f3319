import { describe, expect, it } from 'vitest';
import { VENUES, isVenueId, venueOf } from '../../src/venues/registry.ts';

describe('the registry', () => {
  it('gives each market by its id', () => {
    expect(Object.entries(VENUES).every(([id, venue]) => venue.id === id)).toBe(true);
    expect(venueOf('binance-coinm').id).toBe('binance-coinm');
  });

  it.each([
    ['binance-spot', true],
    ['toString', false],
    ['Binance-Spot', false],
    [undefined, false],
  ])('says whether %s is one', (id, known) => {
    expect(isVenueId(id)).toBe(known);
  });
});
