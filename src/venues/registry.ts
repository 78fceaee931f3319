import type { NativeVenueId, VenueId } from '../core/candle.ts';
import type { Connector } from '../ports/connector.ts';
import { binanceCoinm } from './binance/coinm.ts';
import { binanceSpot } from './binance/spot.ts';
import { binanceUsdm } from './binance/usdm.ts';
import { okx } from './okx/okx.ts';
import { gateSpot } from './gate/spot.ts';
import { bybitInverse, bybitLinear, bybitSpot } from './bybit/market.ts';

/** The connector of every native venue; that none is missing, the compiler sees. */
export const VENUES: Readonly<Record<NativeVenueId, Connector>> = {
  'binance-usdm': binanceUsdm,
  'binance-coinm': binanceCoinm,
  'binance-spot': binanceSpot,
  okx,
  'bybit-spot': bybitSpot,
  'bybit-linear': bybitLinear,
  'bybit-inverse': bybitInverse,
  'gate-spot': gateSpot,
};

/** The connector of a venue; undefined for one of ccxt, which brings a client of its own. */
export function connectorOf(venue: VenueId): Connector | undefined {
  const connectors: Readonly<Partial<Record<VenueId, Connector>>> = VENUES;
  return connectors[venue];
}
