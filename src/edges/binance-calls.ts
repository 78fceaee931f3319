import type { binance } from 'ccxt';
import type { VenueId } from '../core/candle.ts';

type Params = Readonly<Record<string, string | number>>;

/** The three requests of a market; each answers the parsed body. */
export interface Calls {
  time(): Promise<unknown>;
  klines(params: Params): Promise<unknown>;
  symbols(): Promise<unknown>;
}

/** ccxt's `fetchImplementation`, as far as it reads the answer of a request without body. */
export type FetchForCcxt = (
  url: string,
  params: { headers: Record<string, string> },
) => Promise<{ status: number; statusText: string; headers: object; text: () => Promise<string> }>;

export interface CallsOptions {
  readonly venueId: VenueId;
  /** Scheme and host. */
  readonly origin: string;
  readonly credentials: { readonly apiKey: string; readonly apiSecret: string } | undefined;
  readonly fetch: FetchForCcxt;
}

/** ccxt's class of all Binance markets. */
type Binance = typeof binance;

interface Market {
  /** ccxt's name of the market's public interface, in `urls.api` and in the names of its calls. */
  readonly api: string;
  readonly path: string;
  readonly callsOf: (exchange: InstanceType<Binance>) => Calls;
}

const MARKETS: Readonly<Record<VenueId, Market>> = {
  'binance-usdm': {
    api: 'fapiPublic',
    path: '/fapi/v1',
    callsOf: (exchange) => ({
      time: () => exchange.fapiPublicGetTime(),
      klines: (params) => exchange.fapiPublicGetKlines(params),
      symbols: () => exchange.fapiPublicGetExchangeInfo(),
    }),
  },
  'binance-coinm': {
    api: 'dapiPublic',
    path: '/dapi/v1',
    callsOf: (exchange) => ({
      time: () => exchange.dapiPublicGetTime(),
      klines: (params) => exchange.dapiPublicGetKlines(params),
      symbols: () => exchange.dapiPublicGetExchangeInfo(),
    }),
  },
  'binance-spot': {
    api: 'public',
    path: '/api/v3',
    callsOf: (exchange) => ({
      time: () => exchange.publicGetTime(),
      klines: (params) => exchange.publicGetKlines(params),
      // Without it each of some thousand lines lists the account groups that may trade the symbol.
      symbols: () => exchange.publicGetExchangeInfo({ showPermissionSets: 'false' }),
    }),
  },
};

/** Loads ccxt's Binance, once per process, and readies one market for calls through `fetch`. */
export async function openCalls({ venueId, origin, credentials, fetch }: CallsOptions): Promise<Calls> {
  const Exchange = await loadBinance();
  const { api, path, callsOf } = MARKETS[venueId];
  const exchange = new Exchange({
    ...(credentials && { apiKey: credentials.apiKey, secret: credentials.apiSecret }),
    urls: { api: { [api]: origin + path } },
    fetchImplementation: fetch,
    userAgent: 'rx-candles',
    enableRateLimit: false,
    // Numbers stay numbers, also in a body with one that is too large.
    quoteJsonNumbers: false,
    enableLastHttpResponse: false,
    enableLastResponseHeaders: false,
  });
  return callsOf(exchange);
}

/**
 * The one exchange out of ccxt's hundred: loading all takes half a second in which no candle could be delivered, and
 * 40 MB. Its file lies beside the package's entry (4.5.84); where it does not, all are loaded.
 */
async function loadBinance(): Promise<Binance> {
  try {
    const { href } = new URL('src/binance.js', import.meta.resolve('ccxt'));
    return ((await import(href)) as { default: Binance }).default;
  } catch {
    return (await import('ccxt')).default.binance;
  }
}
