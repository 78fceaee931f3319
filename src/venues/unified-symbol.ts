/** Parts of ccxt's unified symbol `BTC/USDT:USDT-261225` (read in ccxt 4.5.84). */
export interface Unified {
  readonly base: string;
  readonly quote: string;
  /** Asset the contract is settled in; undefined on spot. */
  readonly settle: string | undefined;
  /** Day of expiry, `YYMMDD`; undefined for perpetuals and spot. */
  readonly expiry: string | undefined;
}

const UNIFIED = /^([^/:]+)\/([^/:]+)(?::([^/:-]+)(?:-(\d{6}))?)?$/;

/** Undefined for what is no unified symbol. */
export function unifiedOf(symbol: string): Unified | undefined {
  const [, base, quote, settle, expiry] = UNIFIED.exec(symbol) ?? [];
  return base === undefined || quote === undefined ? undefined : { base, quote, settle, expiry };
}
