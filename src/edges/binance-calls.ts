import type ccxt from 'ccxt';
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

interface Market {
  /** ccxt's name of the market's public interface, in `urls.api` and in the names of its calls. */
  readonly api: string;
  readonly path: string;
  readonly callsOf: (exchanges: typeof ccxt, config: object) => Calls;
}

const MARKETS: Readonly<Record<VenueId, Market>> = {
  'binance-usdm': {
    api: 'fapiPublic',
    path: '/fapi/v1',
    callsOf(exchanges, config) {
      const usdm = new exchanges.binanceusdm(config);
      return {
        time: () => usdm.fapiPublicGetTime(),
        klines: (params) => usdm.fapiPublicGetKlines(params),
        symbols: () => usdm.fapiPublicGetExchangeInfo(),
      };
    },
  },
  'binance-coinm': {
    api: 'dapiPublic',
    path: '/dapi/v1',
    callsOf(exchanges, config) {
      const coinm = new exchanges.binancecoinm(config);
      return {
        time: () => coinm.dapiPublicGetTime(),
        klines: (params) => coinm.dapiPublicGetKlines(params),
        symbols: () => coinm.dapiPublicGetExchangeInfo(),
      };
    },
  },
  'binance-spot': {
    api: 'public',
    path: '/api/v3',
    callsOf(exchanges, config) {
      const spot = new exchanges.binance(config);
      return {
        time: () => spot.publicGetTime(),
        klines: (params) => spot.publicGetKlines(params),
        // Without it each of some thousand lines lists the account groups that may trade the symbol.
        symbols: () => spot.publicGetExchangeInfo({ showPermissionSets: 'false' }),
      };
    },
  },
};

/** Loads ccxt (about half a second, once per process) and readies one market for calls through `fetch`. */
export async function openCalls({ venueId, origin, credentials, fetch }: CallsOptions): Promise<Calls> {
  const { default: exchanges } = await import('ccxt');
  const { api, path, callsOf } = MARKETS[venueId];
  return callsOf(exchanges, {
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
}
