import { closestWord } from '../../core/spelling.ts';
import type { SymbolHints } from '../../ports/connector.ts';
import type { BybitVenue } from './symbol-name.ts';

/** What may follow a base in the exchange's spelling, that which people mean first in front. */
const QUOTES = ['USDT', 'USDC', 'PERP', 'USD', 'USDE', 'BTC', 'ETH', 'EUR'];
/** `BTC`, `USDT` of `BTC-USDT-SWAP`, `BTC_USDT`, `BYBIT:BTCUSDT.P`, `BTCUSD_PERP`, `BTC-PERP`. */
const WRITTEN = /^(?:BYBIT:)?([A-Z0-9]+?)[-_ ]?(USDT|USDC|USDE|USD|PERP)?(?:\.P|[-_ ](?:PERP|SWAP))?$/;
const MOST_NAMED = 3;

/** What a Bybit market tells people who wrote a symbol that it does not list. */
export function symbolHints(venue: BybitVenue): SymbolHints {
  return {
    example: venue === 'bybit-inverse' ? 'BTCUSD' : 'BTCUSDT',
    hintFor: (symbol, listed) => hintFor(symbol, listed, venue),
  };
}

function hintFor(symbol: string, listed: readonly string[], venue: BybitVenue): string {
  const [, base = symbol, quote = ''] = WRITTEN.exec(symbol) ?? [];
  const other = otherMarketOf(quote, venue);
  const names = meantBy(symbol, { base, quote, listed }).slice(0, MOST_NAMED);
  const last = names.pop();
  const meant = names.length === 0 ? last : `${names.join(', ')} or ${String(last)}`;
  return [
    ...(other === undefined ? [] : [`${other} has symbols of this kind`]),
    ...(meant === undefined ? [] : [`did you mean ${meant}?`]),
  ].join('; ');
}

/** Contracts in US dollars are inverse ones. */
function otherMarketOf(quote: string, venue: BybitVenue): string | undefined {
  if (quote === 'USD' && venue !== 'bybit-inverse') return 'bybit-inverse';
  return quote !== 'USD' && quote !== '' && venue === 'bybit-inverse' ? 'bybit-linear' : undefined;
}

function meantBy(
  symbol: string,
  { base, quote, listed }: { readonly base: string; readonly quote: string; readonly listed: readonly string[] },
): string[] {
  const known = new Set(listed);
  const spelt = [base + quote, ...QUOTES.map((one) => base + one)].filter((one) => known.has(one));
  const closest = spelt.length > 0 ? undefined : closestWord(symbol, listed);
  return [...new Set([...spelt, ...(closest === undefined ? [] : [closest])])];
}
