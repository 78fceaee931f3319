import { closestWord } from '../../core/spelling.ts';
import type { SymbolHints } from '../../ports/connector.ts';
import type { SymbolInfo } from '../../ports/symbol-info.ts';
import type { CcxtExchange, CcxtMarket } from './exchange.ts';

/** `precisionMode` of an exchange whose precisions are steps (TICK_SIZE of ccxt 4.5.84). */
const STEPS = 4;

type Listing = Pick<CcxtExchange, 'markets' | 'precisionMode'>;

/** The symbols of ccxt's markets. One that is not active may be paused or have ended: its last candle tells. */
export function symbolsOf({ markets, precisionMode }: Listing): readonly SymbolInfo[] {
  const stepOf = (precision: number | null | undefined) => (precisionMode === STEPS ? (precision ?? null) : null);
  return marketsIn(markets).map(({ precision, ...market }) => ({
    ...namesOf(market),
    priceStep: stepOf(precision?.price),
    quantityStep: stepOf(precision?.amount),
  }));
}

function namesOf({
  symbol,
  active,
  base = null,
  quote = null,
  created = null,
  expiry = null,
}: CcxtMarket): NamesAndTimes {
  const state = active === false ? INACTIVE : ACTIVE;
  return { symbol, ...state, base, quote, listingTime: created, deliveryTime: expiry };
}

type NamesAndTimes = Omit<SymbolInfo, 'priceStep' | 'quantityStep'>;

const ACTIVE = { status: 'active', phase: 'trading' } as const;
const INACTIVE = { status: 'inactive', phase: 'paused or ended' } as const;

/**
 * The unified symbol of what a user wrote: as it is, in another case, or as the exchange's own id where it is that of one
 * market alone. Anything else is left as written, to be reported as an unknown symbol.
 */
export function symbolIn(written: unknown, { markets }: Pick<Listing, 'markets'>): string | undefined {
  if (typeof written !== 'string' || written.trim() === '') return undefined;
  const word = written.trim();
  if (markets !== undefined && Object.hasOwn(markets, word)) return word;
  const all = marketsIn(markets);
  const fits: readonly ((market: CcxtMarket) => boolean)[] = [
    ({ symbol }) => isSame(symbol, word),
    ({ id }) => id === word,
    ({ id }) => isSame(id, word),
  ];
  const found = fits.map((fit) => all.filter(fit)).find((these) => these.length > 0) ?? [];
  return found.length === 1 ? found[0]?.symbol : word;
}

/** Hints for a symbol that is not listed. */
export function hintsOf({ markets }: Pick<Listing, 'markets'>): SymbolHints {
  return {
    example: 'BTC/USDT',
    hintFor: (symbol, listed) => {
      const ids = marketsIn(markets).filter(({ id }) => isSame(id, symbol));
      const word = closestWord(symbol, listed);
      const meant = ids.length > 1 ? ids.map((market) => market.symbol) : word === undefined ? [] : [word];
      return meant.length === 0 ? "write ccxt's unified symbol, like BTC/USDT" : `did you mean ${meant.join(' or ')}?`;
    },
  };
}

const marketsIn = (markets: Listing['markets']): readonly CcxtMarket[] => Object.values(markets ?? {});

const isSame = (one: string | null | undefined, other: string): boolean => one?.toUpperCase() === other.toUpperCase();
