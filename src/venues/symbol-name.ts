import type { VenueId } from '../core/candle.ts';

/** `BTC/USDT:USDT-261225`: base, quote, settlement asset, expiry (ccxt's unified symbols, read in ccxt 4.5.84). */
const UNIFIED = /^([^/:]+)\/([^/:]+)(?::([^/:-]+)(?:-(\d{6}))?)?$/;

/**
 * The exchange's spelling of what a user wrote, in any case or as ccxt's unified symbol.
 * Undefined for a unified symbol that names another kind of market, and for what is no symbol at all.
 */
export function symbolNameOf(written: unknown, venue: VenueId): string | undefined {
  if (typeof written !== 'string' || written.trim() === '') return undefined;
  const symbol = written.trim().toUpperCase();
  if (!symbol.includes('/')) return symbol;
  const [, base, quote, settle, expiry] = UNIFIED.exec(symbol) ?? [];
  if (base === undefined || quote === undefined) return undefined;
  const pair = `${base}${quote}`;
  switch (venue) {
    case 'binance-usdm':
      return settle === quote ? withSuffix(pair, expiry) : undefined;
    case 'binance-coinm':
      return settle === base ? withSuffix(pair, expiry ?? 'PERP') : undefined;
    case 'binance-spot':
      return settle === undefined ? pair : undefined;
  }
}

const withSuffix = (pair: string, suffix: string | undefined) => (suffix === undefined ? pair : `${pair}_${suffix}`);
