import type { VenueId } from '../../core/candle.ts';

/** The Binance markets. */
export type BinanceVenue = Extract<VenueId, `binance-${string}`>;

/** Parts of ccxt's unified symbol `BTC/USDT:USDT-261225` (read in ccxt 4.5.84). */
interface Unified {
  readonly base: string;
  readonly quote: string;
  /** Asset the contract is settled in; undefined on spot. */
  readonly settle: string | undefined;
  /** Day of expiry; undefined for perpetuals and spot. */
  readonly expiry: string | undefined;
}

const UNIFIED = /^([^/:]+)\/([^/:]+)(?::([^/:-]+)(?:-(\d{6}))?)?$/;

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
  const [, base, quote, settle, expiry] = UNIFIED.exec(symbol) ?? [];
  if (base === undefined || quote === undefined) return undefined;
  const suffix = SUFFIX[venue]({ base, quote, settle, expiry });
  return suffix === undefined ? undefined : base + quote + suffix;
}
