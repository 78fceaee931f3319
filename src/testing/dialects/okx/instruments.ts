import { decimal } from '../../market/kline.ts';
import type { SymbolState } from '../../market/symbols.ts';
import type { VenueView } from '../dialect.ts';

/** The instruments of one type; what one does not have is an empty text. */
export function instrumentsOf(instType: string, { symbols }: VenueView): readonly object[] {
  return [...symbols.values()].filter((symbol) => typeOf(symbol) === instType).map(infoOf);
}

function typeOf({ symbol }: SymbolState): 'SPOT' | 'SWAP' | 'FUTURES' {
  const [, , kind] = symbol.split('-');
  if (kind === undefined) return 'SPOT';
  return kind === 'SWAP' ? 'SWAP' : 'FUTURES';
}

function infoOf(state: SymbolState): object {
  const { symbol, scale, options, listed, status } = state;
  const [base = '', quote = ''] = symbol.split('-');
  const instType = typeOf(state);
  return {
    ...(instType === 'SPOT' ? pairOf(base, quote) : contractOf(base, quote)),
    expTime: options.deliveryDate === undefined ? '' : String(options.deliveryDate),
    instId: symbol,
    instType,
    listTime: String(listed),
    lotSz: instType === 'SPOT' ? decimal(1, scale.lotDecimals, scale.padTo) : '0.01',
    ruleType: 'normal',
    state: status,
    tickSz: decimal(1, scale.priceDecimals, scale.padTo),
  };
}

function pairOf(baseCcy: string, quoteCcy: string): object {
  return { baseCcy, quoteCcy, settleCcy: '', uly: '', instFamily: '', ctType: '', ctVal: '', ctValCcy: '' };
}

/** Settled in the base asset where prices are in dollars. */
function contractOf(base: string, quote: string): object {
  const uly = `${base}-${quote}`;
  const common = { baseCcy: '', quoteCcy: '', uly, instFamily: uly };
  return quote === 'USD'
    ? { ...common, settleCcy: base, ctType: 'inverse', ctVal: '100', ctValCcy: 'USD' }
    : { ...common, settleCcy: quote, ctType: 'linear', ctVal: '0.01', ctValCcy: base };
}
