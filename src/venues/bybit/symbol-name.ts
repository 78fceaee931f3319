import type { VenueId } from '../../core/candle.ts';
import { unifiedOf, type Unified } from '../unified-symbol.ts';

/** The Bybit markets. */
export type BybitVenue = Extract<VenueId, `bybit-${string}`>;

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/** Inverse futures end each quarter, in the month that the letter stands for. */
const QUARTERS: Readonly<Record<string, string>> = { '03': 'H', '06': 'M', '09': 'U', '12': 'Z' };

/** The exchange's spelling of a unified symbol; undefined where it is of another kind of market. */
const SPELLING: Readonly<Record<BybitVenue, (symbol: Unified) => string | undefined>> = {
  'bybit-spot': ({ base, quote, settle }) => (settle === undefined ? base + quote : undefined),
  'bybit-linear': ({ base, quote, settle, expiry }) => {
    if (settle !== quote) return undefined;
    if (expiry === undefined) return base + (quote === 'USDC' ? 'PERP' : quote);
    return `${base}${quote === 'USDC' ? '' : quote}-${dateOf(expiry)}`;
  },
  'bybit-inverse': ({ base, quote, settle, expiry }) => {
    if (settle !== base) return undefined;
    const quarter = expiry === undefined ? '' : quarterOf(expiry);
    return quarter === undefined ? undefined : base + quote + quarter;
  },
};

/**
 * The exchange's spelling of what a user wrote, in any case or as ccxt's unified symbol.
 * Undefined for a unified symbol that names another kind of market, and for what is no symbol at all.
 *
 * @see https://bybit-exchange.github.io/docs/v5/enum#symbol, read on 2026-07-24
 */
export function symbolNameOf(written: unknown, venue: BybitVenue): string | undefined {
  if (typeof written !== 'string' || written.trim() === '') return undefined;
  const symbol = written.trim().toUpperCase();
  if (!symbol.includes('/')) return symbol;
  const unified = unifiedOf(symbol);
  return unified && SPELLING[venue](unified);
}

/** `25DEC26` of `261225`. */
function dateOf(expiry: string): string {
  const month = MONTHS[Number(expiry.slice(2, 4)) - 1] ?? expiry.slice(2, 4);
  return `${String(Number(expiry.slice(4)))}${month}${expiry.slice(0, 2)}`;
}

/** `Z26` of `261225`. */
function quarterOf(expiry: string): string | undefined {
  const letter = QUARTERS[expiry.slice(2, 4)];
  return letter && letter + expiry.slice(0, 2);
}
