import type { Parsed, SymbolPage } from '../../ports/connector.ts';
import type { SymbolInfo, SymbolPhase } from '../../ports/symbol-info.ts';
import { bad, excerptOf, good, isText, isTime, isWireObject, numberOf, type WireObject } from '../values.ts';

/** The markets whose candles we read, in the order in which their instruments are asked for. Options are left out. */
const INST_TYPES = ['SPOT', 'SWAP', 'FUTURES'] as const;
export type InstType = (typeof INST_TYPES)[number];

/**
 * What a state means for candles. Words that say trading goes on: `live`, and `post_only`, where resting orders stay.
 * The only one that says it is over is `expired`. In `suspend`, `rebase`, `preopen`, `test`, and in words nobody knew
 * yet, candles may come again; an instrument that is gone for good is no longer listed.
 *
 * @see https://www.okx.com/docs-v5/en/#public-data-rest-api-get-instruments and …-ws-instruments-channel (`expired`),
 *   copies of 2026-07-20
 */
const PHASES: Readonly<Record<string, SymbolPhase>> = { live: 'trading', post_only: 'trading', expired: 'ended' };

/** The type after one; undefined after the last. */
export function instTypeAfter(type: InstType): InstType | undefined {
  return INST_TYPES[INST_TYPES.indexOf(type) + 1];
}

/**
 * Every line that can be read. One of `instId` and `state` is needed; on derivatives base and quote stand in `uly`, in
 * whose units `tickSz` is; `lotSz` counts contracts there. An empty text stands for what a line does not have.
 */
export function instrumentsOf(data: unknown, next: InstType | undefined): Parsed<SymbolPage> {
  if (!Array.isArray(data)) return bad(`instruments: expected a list, got ${excerptOf(data)}`);
  const symbols = (data as readonly unknown[]).flatMap((line) => infoOf(line) ?? []);
  if (symbols.length === 0 && data.length > 0) return bad(`instruments: no line can be read: ${excerptOf(data[0])}`);
  return good({ symbols, ...(next !== undefined && { next }) });
}

function infoOf(line: unknown): SymbolInfo | undefined {
  if (!isWireObject(line)) return undefined;
  const { instId: symbol, state: status } = line;
  if (!isText(symbol) || !isText(status)) return undefined;
  return {
    ...{ symbol, status, phase: Object.hasOwn(PHASES, status) ? (PHASES[status] ?? 'paused') : 'paused' },
    ...assetsOf(line),
    listingTime: timeOf(line['listTime']),
    deliveryTime: timeOf(line['expTime']),
    priceStep: stepOf(line['tickSz']),
    quantityStep: stepOf(line['lotSz']),
  };
}

function assetsOf({ baseCcy, quoteCcy, uly }: WireObject): Pick<SymbolInfo, 'base' | 'quote'> {
  const [base, quote] = isText(uly) ? uly.split('-') : [];
  return { base: isText(baseCcy) ? baseCcy : (base ?? null), quote: isText(quoteCcy) ? quoteCcy : (quote ?? null) };
}

function timeOf(value: unknown): number | null {
  const time = numberOf(value);
  return isTime(time) && time > 0 ? time : null;
}

function stepOf(value: unknown): number | null {
  const step = numberOf(value);
  return step > 0 ? step : null;
}
