import type { VenueId } from '../../core/candle.ts';
import { ConfigError } from '../../core/errors.ts';
import { isRecord } from '../../core/schema.ts';
import type { FeedSettings } from '../../core/settings.ts';
import { closestWord } from '../../core/spelling.ts';
import type { CcxtExchange } from '../../venues/ccxt/exchange.ts';
import { readsCurrenciesInPrivate } from '../../venues/ccxt/features.ts';
import { routeSettings } from './route.ts';
import { networkOf, type Route } from '../network.ts';
import { restUrlOf, withEndpoints } from '../../venues/ccxt/urls.ts';

export type LoadOptions = Pick<FeedSettings, 'credentials' | 'testnet' | 'endpoints' | 'proxy' | 'tls'> & {
  /** For one request, ms. */
  readonly restTimeoutMs: number;
};

/** The part of the package that is used. It has one entry point, which loads all of it. */
interface Ccxt {
  readonly exchanges: readonly string[];
  readonly pro: Readonly<Record<string, unknown>>;
}

/** What both calls ask of an exchange. */
const NEEDED = ['watchOHLCV', 'fetchOHLCV'] as const;

/**
 * An exchange of ccxt, ready to be asked; it has asked nothing yet.
 *
 * @returns rejects with a ConfigError where ccxt is not installed, does not know the exchange, or has no candles of it
 */
export async function loadExchange(venue: VenueId, options: LoadOptions): Promise<CcxtExchange> {
  const { credentials, testnet, endpoints, restTimeoutMs } = options;
  const Exchange = classOf(await importCcxt(venue, 'ccxt'), venue);
  const exchange = new Exchange({
    enableRateLimit: true,
    newUpdates: true,
    timeout: restTimeoutMs,
    ...(credentials && {
      apiKey: credentials.apiKey,
      secret: credentials.apiSecret,
      password: credentials.apiPassword,
    }),
  });
  requireCandles(exchange, venue);
  readInPublic(exchange);
  if (testnet === true) enterTestnet(exchange, venue);
  exchange.urls = { ...exchange.urls, api: withEndpoints(exchange.urls['api'], endpoints ?? {}) };
  // When to connect again is decided by us, as for every venue.
  const ws = isRecord(exchange.options['ws']) ? exchange.options['ws'] : {};
  exchange.options['ws'] = { ...ws, backoff: { base: 0, max: 0 } };
  Object.assign(exchange, routeSettings(routeTo(exchange, options), exchange));
  // It would write to stdout.
  exchange.log = () => undefined;
  return exchange;
}

/**
 * Bundlers leave an import alone that they cannot read, so that a program without ccxt is bundled without it.
 *
 * @param name - the package's; a parameter so that no bundler sees a constant
 */
async function importCcxt(venue: VenueId, name: string): Promise<Ccxt> {
  try {
    const { default: ccxt } = (await import(/* webpackIgnore: true */ /* @vite-ignore */ name)) as { default: Ccxt };
    return ccxt;
  } catch (error) {
    if (!isNotFound(error, name)) throw error;
    throw new ConfigError([`venue: ${venue} needs the package ccxt, which is not installed; run: npm install ccxt`], {
      cause: error,
    });
  }
}

/** That the package itself is missing, and not something that it needs. */
function isNotFound(error: unknown, name: string): boolean {
  const { code, message }: { code?: unknown; message?: unknown } = error instanceof Error ? error : {};
  const isMissing = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
  return isMissing && new RegExp(`(package|module|url) '?${name}'`).test(String(message));
}

type ExchangeClass = new (config: Readonly<Record<string, unknown>>) => CcxtExchange;

function classOf({ pro, exchanges }: Ccxt, venue: VenueId): ExchangeClass {
  const id = venue.replace('ccxt:', '');
  const known = Object.hasOwn(pro, id) ? pro[id] : undefined;
  if (typeof known === 'function') return known as ExchangeClass;
  if (exchanges.includes(id)) throw without(venue, 'watchOHLCV');
  const meant = closestWord(id, exchanges);
  const hint = meant === undefined ? '' : `; did you mean ccxt:${meant}?`;
  throw new ConfigError([`venue: ccxt does not know the exchange ${JSON.stringify(id)}${hint}`]);
}

/** By the settings, or else by the environment: what holds for its REST host holds for all of its hosts. */
function routeTo(exchange: CcxtExchange, { proxy, tls }: Pick<FeedSettings, 'proxy' | 'tls'>): Route {
  const rest = restUrlOf(exchange);
  return networkOf({ proxy, tls }, { rest, stream: rest.replace(/^http/, 'ws') }).rest;
}

/** One that makes its candles out of trades (`'emulated'`) has no rows that prove anything. */
function requireCandles({ has }: CcxtExchange, venue: VenueId): void {
  for (const method of NEEDED) if (has[method] !== true) throw without(venue, method);
}

function without(venue: VenueId, method: string): ConfigError {
  const both = NEEDED.join(' and ');
  return new ConfigError([`venue: ${venue} has no ${method} in ccxt; an exchange needs both ${both}`]);
}

/**
 * Its list of markets is had without keys. With keys it would also ask for what is the account's, and keys without the
 * right to see that would be the end of all candles.
 */
function readInPublic({ has, features, options }: CcxtExchange): void {
  if (readsCurrenciesInPrivate(features)) has['fetchCurrencies'] = false;
  options['fetchMargins'] = false;
}

/** ccxt itself would go on, with no URL at all. */
function enterTestnet(exchange: CcxtExchange, venue: VenueId): void {
  if (exchange.urls['test'] === undefined) throw new ConfigError([`testnet: ${venue} has no test network`]);
  exchange.setSandboxMode(true);
}
