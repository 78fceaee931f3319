import { unifiedOf, type Unified } from '../unified-symbol.ts';

/**
 * OKX's `instId` of what a user wrote, in any case or as ccxt's unified symbol: `BTC/USDT` is `BTC-USDT`,
 * `BTC/USDT:USDT` is `BTC-USDT-SWAP`, `BTC/USD:BTC-261225` is `BTC-USD-261225`. Undefined for a unified symbol of
 * something else, such as an option, and for what is no symbol at all.
 */
export function symbolNameOf(written: unknown): string | undefined {
  if (typeof written !== 'string' || written.trim() === '') return undefined;
  const symbol = written.trim().toUpperCase();
  if (!symbol.includes('/')) return symbol;
  const unified = unifiedOf(symbol);
  return unified && instIdOf(unified);
}

function instIdOf({ base, quote, settle, expiry }: Unified): string | undefined {
  if (settle === undefined) return `${base}-${quote}`;
  return settle === base || settle === quote ? `${base}-${quote}-${expiry ?? 'SWAP'}` : undefined;
}
