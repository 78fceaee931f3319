import { closestWord } from '../../core/spelling.ts';
import type { SymbolHints } from '../../ports/connector.ts';

const MOST_NAMED = 3;
/** How charts and other exchanges write a perpetual: `OKX:BTCUSDT.P`, `BTCUSDT_PERP`. */
const CHART = /^(?:[A-Z]+:)?([^:.]+?)(?:\.P|[-_]?PERP)?$/;

/** What people are told who wrote an `instId` that is not listed: `BTCUSDT` may be `BTC-USDT` or `BTC-USDT-SWAP`. */
export const okxHints: SymbolHints = { example: 'BTC-USDT', hintFor };

function hintFor(symbol: string, listed: readonly string[]): string {
  const [, name = symbol] = CHART.exec(symbol) ?? [];
  const meant = plain(name);
  const alike = listed.filter((one) => [meant, `${meant}SWAP`, `${meant}USDT`].includes(plain(one)));
  const close = closestWord(symbol, listed);
  const named = [...new Set([...alike, ...(close === undefined ? [] : [close])])].slice(0, MOST_NAMED);
  const last = named.pop();
  if (last === undefined) return '';
  return `did you mean ${named.length === 0 ? last : `${named.join(', ')} or ${last}`}?`;
}

/** Without what separates its parts. */
function plain(symbol: string): string {
  return symbol.replace(/[-_/ ]/g, '');
}
