import type { VenueId } from '../core/candle.ts';
import { customLengthOf } from '../core/custom-interval.ts';
import { isInterval } from '../core/interval.ts';
import { meantInterval } from '../core/parse-interval.ts';
import { closestWord } from '../core/spelling.ts';
import { VENUES } from './registry.ts';
import { symbolNameOf } from './symbol-name.ts';
import type { Venue } from './venue.ts';

/** Assets that prices are in, those that people mean first in front. */
const QUOTES = ['USDT', 'USDC', 'USD_PERP', 'USD', 'FDUSD', 'BTC', 'ETH', 'BNB', 'TRY', 'EUR'];
const COIN_MARGINED = /^([A-Z0-9]+)USD_(PERP|\d{6})$/;
const LINEAR = /^([A-Z0-9]{2,})(USDT|USDC|FDUSD|BUSD)(_\d{6})?$/;
/** `BINANCE:BTCUSDT.P` is how charts write it. */
const CHART = /^(?:[A-Z]+:)?([^:.]+)(?:\.P)?$/;
const MOST_NAMED = 3;

/** What to take instead of an interval that a market lacks; empty where nobody knows. */
export function intervalHint(interval: unknown, { intervals }: Venue): string {
  const others = Object.values(VENUES).filter((venue) => isInterval(interval) && venue.intervals.includes(interval));
  if (others.length > 0) return `${others.map(({ id }) => id).join(', ')} has it`;
  const meant = meantInterval(interval);
  if (meant !== undefined && intervals.includes(meant)) return `did you mean ${meant}?`;
  const isMade = typeof interval === 'string' && customLengthOf(interval) !== undefined;
  return isMade ? `resample('${interval}') makes it out of shorter candles` : '';
}

/** What to write instead of a text that is no symbol of this kind of market. */
export function writtenHint(written: unknown, venue: VenueId): string {
  const others = Object.values(VENUES).filter(({ id }) => id !== venue && symbolNameOf(written, id) !== undefined);
  const known = others.map(({ id }) => `for ${id} it is ${String(symbolNameOf(written, id))}`);
  return [...known, 'write it as the exchange does, like BTCUSDT'].join('; ');
}

/**
 * What was probably meant by a symbol that the market does not list; empty where nobody knows.
 *
 * @param listed - the market's symbols
 */
export function symbolHint(symbol: string, venue: VenueId, listed: readonly string[]): string {
  const other = otherMarketOf(symbol, venue);
  const meant = [...new Set([...sameBase(symbol, listed), ...closest(symbol, listed)])].slice(0, MOST_NAMED);
  const last = meant.pop();
  const names = meant.length === 0 ? last : `${meant.join(', ')} or ${String(last)}`;
  return [
    ...(other === undefined ? [] : [`${other} spells symbols so`]),
    ...(names === undefined ? [] : [`did you mean ${names}?`]),
  ].join('; ');
}

function otherMarketOf(symbol: string, venue: VenueId): string | undefined {
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
