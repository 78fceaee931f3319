import type { VenueId } from '../core/candle.ts';
import { binanceCoinm } from './binance-coinm.ts';
import { binanceSpot } from './binance-spot.ts';
import { binanceUsdm } from './binance-usdm.ts';
import type { Venue } from './venue.ts';

/** Every market this library knows. */
export const VENUES: Readonly<Record<VenueId, Venue>> = {
  'binance-usdm': binanceUsdm,
  'binance-coinm': binanceCoinm,
  'binance-spot': binanceSpot,
};

export function venueOf(id: VenueId): Venue {
  return VENUES[id];
}

export function isVenueId(value: unknown): value is VenueId {
  return typeof value === 'string' && Object.hasOwn(VENUES, value);
}
