import { VENUES } from './venues.mjs';

/** The symbols of every benchmark: as long as the real ones are on average. */
export function symbolsOf(count, venue = 'binance-usdm') {
  return Array.from({ length: count }, (_, index) => VENUES[venue].symbolOf(`S${String(index).padStart(4, '0')}`));
}

/** `symbols × intervals`, symbol by symbol. */
export function seriesOf(symbols, intervals, venue) {
  return symbolsOf(symbols, venue).flatMap((symbol) => intervals.map((interval) => ({ symbol, interval })));
}

const MINUTE = 60_000;
export const LENGTH_MS = {
  '1m': MINUTE, '3m': 3 * MINUTE, '5m': 5 * MINUTE, '15m': 15 * MINUTE, '30m': 30 * MINUTE,
  '1h': 60 * MINUTE, '2h': 120 * MINUTE, '4h': 240 * MINUTE,
}; // prettier-ignore

/** On the real market one frame in 240 is a close: one a minute, four updates a second. */
export const FRAMES_PER_CLOSE = 240;
