import { closestWord } from '../../core/spelling.ts';
import type { SymbolHints } from '../../ports/connector.ts';
import type { BinanceVenue } from './symbol-name.ts';

/** Assets that prices are in, those that people mean first in front. */
const QUOTES = ['USDT', 'USDC', 'USD_PERP', 'USD', 'FDUSD', 'BTC', 'ETH', 'BNB', 'TRY', 'EUR'];
const COIN_MARGINED = /^([A-Z0-9]+)USD_(PERP|\d{6})$/;
const LINEAR = /^([A-Z0-9]{2,})(USDT|USDC|FDUSD|BUSD)(_\d{6})?$/;
/** `BINANCE:BTCUSDT.P` is how charts write it. */
const CHART = /^(?:[A-Z]+:)?([^:.]+)(?:\.P)?$/;
const MOST_NAMED = 3;

/** What a Binance market tells people who wrote a symbol that it does not list. */
export function symbolHints(venue: BinanceVenue): SymbolHints {
  return {
    example: venue === 'binance-coinm' ? 'BTCUSD_PERP' : 'BTCUSDT',
    hintFor: (symbol, listed) => hintFor(symbol, venue, listed),
  };
}

function hintFor(symbol: string, venue: BinanceVenue, listed: readonly string[]): string {
  const other = otherMarketOf(symbol, venue);
  const meant = [...new Set([...sameBase(symbol, listed), ...closest(symbol, listed)])].slice(0, MOST_NAMED);
  const last = meant.pop();
  const names = meant.length === 0 ? last : `${meant.join(', ')} or ${String(last)}`;
  return [
    ...(other === undefined ? [] : [`${other} spells symbols so`]),
    ...(names === undefined ? [] : [`did you mean ${names}?`]),
  ].join('; ');
}

function otherMarketOf(symbol: string, venue: BinanceVenue): string | undefined {
  if (COIN_MARGINED.test(symbol)) return venue === 'binance-coinm' ? undefined : 'binance-coinm';
  return LINEAR.test(symbol) && venue === 'binance-coinm' ? 'binance-usdm' : undefined;
}

function sameBase(symbol: string, listed: readonly string[]): string[] {
  const [, name = symbol] = CHART.exec(symbol) ?? [];
  const plain = name.replace(/[-_/ ]/g, '');
  const base = (COIN_MARGINED.exec(name) ?? LINEAR.exec(plain))?.[1] ?? plain;
  return [plain, ...QUOTES.map((quote) => base + quote)].filter((one) => one !== symbol && listed.includes(one));
}

function closest(symbol: string, listed: readonly string[]): string[] {
  const word = closestWord(symbol, listed);
  if (word !== undefined) return [word];
  const longer = listed.filter((one) => symbol.length > 2 && one.startsWith(symbol));
  return longer.sort((a, b) => a.length - b.length);
}
