import type { VenueId } from '../core/candle.ts';
import type { RestProtocol } from '../ports/connector.ts';
import { binanceRest } from './binance/rest.ts';
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

const REST: Readonly<Record<VenueId, RestProtocol>> = {
  'binance-usdm': binanceRest({ venue: 'binance-usdm', path: '/fapi/v1', limits: binanceUsdm.rest }),
  'binance-coinm': binanceRest({ venue: 'binance-coinm', path: '/dapi/v1', limits: binanceCoinm.rest }),
  'binance-spot': binanceRest({
    venue: 'binance-spot',
    path: '/api/v3',
    limits: binanceSpot.rest,
    // Without it each of some thousand lines lists the account groups that may trade the symbol.
    symbolsQuery: { showPermissionSets: 'false' },
  }),
};

/** How a market is asked over REST. */
export function restProtocolOf(id: VenueId): RestProtocol {
  return REST[id];
}

export function venueOf(id: VenueId): Venue {
  return VENUES[id];
}

export function isVenueId(value: unknown): value is VenueId {
  return typeof value === 'string' && Object.hasOwn(VENUES, value);
}
