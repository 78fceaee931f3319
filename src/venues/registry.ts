import type { VenueId } from '../core/candle.ts';
import type { Connector } from '../ports/connector.ts';
import { binanceCoinm } from './binance/coinm.ts';
import { binanceSpot } from './binance/spot.ts';
import { binanceUsdm } from './binance/usdm.ts';
import { okx } from './okx/okx.ts';
import { bybitInverse, bybitLinear, bybitSpot } from './bybit/market.ts';

/** The connector of every venue; that none is missing, the compiler sees. */
export const VENUES: Readonly<Record<VenueId, Connector>> = {
  'binance-usdm': binanceUsdm,
  'binance-coinm': binanceCoinm,
  'binance-spot': binanceSpot,
  okx,
  'bybit-spot': bybitSpot,
  'bybit-linear': bybitLinear,
  'bybit-inverse': bybitInverse,
};
