import type { VenueId } from '../../core/candle.ts';
import { unifiedOf, type Unified } from '../unified-symbol.ts';

/** The Binance markets. */
export type BinanceVenue = Extract<VenueId, `binance-${string}`>;

/** What follows base and quote in the exchange's spelling; undefined where the symbol is of another kind of market. */
const SUFFIX: Readonly<Record<BinanceVenue, (symbol: Unified) => string | undefined>> = {
  'binance-usdm': ({ quote, settle, expiry }) => (settle === quote ? suffixOf(expiry) : undefined),
  'binance-coinm': ({ base, settle, expiry }) => (settle === base ? suffixOf(expiry ?? 'PERP') : undefined),
  'binance-spot': ({ settle }) => (settle === undefined ? '' : undefined),
};

const suffixOf = (word: string | undefined) => (word === undefined ? '' : `_${word}`);

/**
 * The exchange's spelling of what a user wrote, in any case or as ccxt's unified symbol.
 * Undefined for a unified symbol that names another kind of market, and for what is no symbol at all.
 */
export function symbolNameOf(written: unknown, venue: BinanceVenue): string | undefined {
  if (typeof written !== 'string' || written.trim() === '') return undefined;
  const symbol = written.trim().toUpperCase();
  if (!symbol.includes('/')) return symbol;
  const unified = unifiedOf(symbol);
  if (unified === undefined) return undefined;
  const suffix = SUFFIX[venue](unified);
  return suffix === undefined ? undefined : unified.base + unified.quote + suffix;
}
