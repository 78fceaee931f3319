import { decimal } from '../../market/kline.ts';
import type { SymbolState } from '../../market/symbols.ts';

/** `deliveryDate` of a contract without an end, as Binance sends it: 2100-12-25T08:00:00Z. */
const NEVER = 4_133_404_800_000;

/** A symbol as `exchangeInfo` lists it. */
export function infoOf(symbol: SymbolState): Record<string, unknown> {
  const { base, quote } = assetsOf(symbol.symbol);
  const common = {
    symbol: symbol.symbol,
    baseAsset: base,
    quoteAsset: quote,
    orderTypes: [],
    filters: filtersOf(symbol),
  };
  if (symbol.rules.id !== 'binance-spot')
    return { ...common, ...contractOf(symbol, symbol.rules.id === 'binance-coinm' ? base : quote) };
  return { ...common, status: symbol.status, isSpotTradingAllowed: true, permissions: [], permissionSets: [['SPOT']] };
}

function assetsOf(symbol: string): { readonly base: string; readonly quote: string } {
  const match = /^(.+?)(USDT|USDC|FDUSD|USD|BTC)(_.*)?$/.exec(symbol);
  return { base: match?.[1] ?? symbol, quote: match?.[2] ?? 'USDT' };
}

function contractOf(symbol: SymbolState, marginAsset: string): Record<string, unknown> {
  const { options, scale, status } = symbol;
  return {
    pair: symbol.symbol.replace(/_.*$/, ''),
    contractType: options.contractType ?? 'PERPETUAL',
    deliveryDate: options.deliveryDate ?? NEVER,
    onboardDate: symbol.listed,
    marginAsset,
    pricePrecision: scale.priceDecimals,
    quantityPrecision: scale.lotDecimals,
    ...(symbol.rules.id === 'binance-coinm' ? { contractStatus: status, contractSize: 10 } : { status }),
  };
}

function filtersOf({ scale }: SymbolState): readonly object[] {
  const tick = decimal(1, scale.priceDecimals, scale.padTo);
  const lot = decimal(1, scale.lotDecimals, scale.padTo);
  return [
    { filterType: 'PRICE_FILTER', tickSize: tick, minPrice: tick, maxPrice: '1000000' },
    { filterType: 'LOT_SIZE', stepSize: lot, minQty: lot, maxQty: '9000000' },
  ];
}
