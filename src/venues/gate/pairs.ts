import type { Parsed, SymbolPage } from '../../ports/connector.ts';
import type { SymbolInfo, SymbolPhase } from '../../ports/symbol-info.ts';
import { bad, excerptOf, good, isCount, isText, isWireObject, type WireObject } from '../values.ts';

/**
 * What a status means for candles. `untradable` may be a pause or the end: nothing else in the entry tells them apart. An
 * unknown status counts as a pause. A delisted pair disappears from the list.
 *
 * @see https://www.gate.com/docs/developers/apiv4/en/#query-all-supported-currency-pairs, copy of 2026-06-28
 */
const PHASES: ReadonlyMap<string, SymbolPhase> = new Map([
  ['tradable', 'trading'],
  ['buyable', 'trading'],
  ['sellable', 'trading'],
  ['untradable', 'paused or ended'],
]);

/** Every pair that can be read. */
export function pairsOf(body: unknown): Parsed<SymbolPage> {
  if (!Array.isArray(body)) return bad(`currency_pairs: expected a list, got ${excerptOf(body)}`);
  const symbols = (body as readonly unknown[]).flatMap((line) => infoOf(line) ?? []);
  if (symbols.length === 0 && body.length > 0) return bad(`currency_pairs: no line can be read: ${excerptOf(body[0])}`);
  return good({ symbols });
}

/** `buy_start` and `sell_start` are when trading began, in seconds; `delisting_time` is 0 where no end is known. */
function infoOf(line: unknown): SymbolInfo | undefined {
  if (!isWireObject(line)) return undefined;
  const { id: symbol, trade_status: status, base, quote } = line;
  if (!isText(symbol) || !isText(status)) return undefined;
  const starts = ['buy_start', 'sell_start'].flatMap((key) => timeOf(line, key) ?? []);
  return {
    ...{ symbol, status, phase: PHASES.get(status) ?? 'paused' },
    base: isText(base) ? base : null,
    quote: isText(quote) ? quote : null,
    listingTime: starts.length === 0 ? null : Math.min(...starts),
    deliveryTime: timeOf(line, 'delisting_time'),
    priceStep: stepOf(line, 'precision'),
    quantityStep: stepOf(line, 'amount_precision'),
  };
}

function timeOf(line: WireObject, key: string): number | null {
  const seconds = line[key];
  return isCount(seconds) && seconds > 0 ? seconds * 1000 : null;
}

/** From a number of decimals: 6 is a step of 0.000001. */
function stepOf(line: WireObject, key: string): number | null {
  const decimals = line[key];
  return isCount(decimals) && decimals <= 30 ? Number(`1e-${String(decimals)}`) : null;
}
