import { closestWord } from '../../core/spelling.ts';
import type { SymbolHints } from '../../ports/connector.ts';
import { unifiedOf } from '../unified-symbol.ts';

/** Hints for a pair that is not listed: `BTCUSDT` and `BTC-USDT` are `BTC_USDT`. */
export const gateHints: SymbolHints = { example: 'BTC_USDT', hintFor };

/** Gate's name of what a user wrote, in upper or lower case, or as ccxt's unified symbol of a spot pair. */
export function symbolNameOf(written: unknown): string | undefined {
  if (typeof written !== 'string' || written.trim() === '') return undefined;
  const symbol = written.trim().toUpperCase();
  if (!symbol.includes('/')) return symbol;
  const unified = unifiedOf(symbol);
  return unified !== undefined && unified.settle === undefined ? `${unified.base}_${unified.quote}` : undefined;
}

function hintFor(symbol: string, listed: readonly string[]): string {
  const meant = plain(symbol);
  const alike = listed.find((one) => plain(one) === meant || plain(one) === `${meant}USDT`);
  const name = alike ?? closestWord(symbol, listed);
  return name === undefined ? '' : `did you mean ${name}?`;
}

/** Without separators. */
function plain(symbol: string): string {
  return symbol.replace(/[-_/ ]/g, '');
}
