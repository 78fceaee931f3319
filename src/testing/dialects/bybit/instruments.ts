import { decimal } from '../../market/kline.ts';
import type { SymbolState } from '../../market/symbols.ts';
import type { BybitRules } from './rules.ts';

/** A symbol as `instruments-info` lists it. */
export function instrumentOf(symbol: SymbolState, rules: BybitRules): Readonly<Record<string, unknown>> {
  const { scale } = symbol;
  const lot = decimal(1, scale.lotDecimals, scale.padTo);
  const tick = { tickSize: decimal(1, scale.priceDecimals, scale.padTo) };
  const { base, quote } = assetsOf(symbol.symbol);
  const common = { symbol: symbol.symbol, status: symbol.status, baseCoin: base, quoteCoin: quote };
  if (rules.category === 'spot') return { ...common, lotSizeFilter: { basePrecision: lot }, priceFilter: tick };
  return {
    ...common,
    contractType: `${rules.category === 'linear' ? 'Linear' : 'Inverse'}${symbol.options.contractType ?? 'Perpetual'}`,
    launchTime: String(symbol.listed),
    deliveryTime: String(symbol.options.deliveryDate ?? 0),
    settleCoin: rules.category === 'linear' ? quote : base,
    priceFilter: tick,
    lotSizeFilter: { qtyStep: lot },
  };
}

function assetsOf(symbol: string): { readonly base: string; readonly quote: string } {
  const [, base = symbol, quote = 'USDC'] = /^(.+?)(USDT|USDC|USD)([HMUZ]\d\d|-.*)?$/.exec(symbol) ?? [];
  return { base: base.replace(/PERP$|-.*$/, ''), quote };
}
