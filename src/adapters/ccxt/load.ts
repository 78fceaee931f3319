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
  /** Per request, ms. */
  readonly restTimeoutMs: number;
};

/** The part of the package that is used. Its only entry point loads all of it. */
interface Ccxt {
  readonly exchanges: readonly string[];
  readonly pro: Readonly<Record<string, unknown>>;
}

/** Without both of these an exchange is of no use. */
const NEEDED = ['watchOHLCV', 'fetchOHLCV'] as const;

/**
 * An exchange of ccxt, configured. Nothing has been requested yet.
 *
 * @returns rejects with a ConfigError if ccxt is not installed, does not know the exchange, or has no candles of it
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
  skipAccountData(exchange);
  if (testnet === true) enterTestnet(exchange, venue);
  exchange.urls = { ...exchange.urls, api: withEndpoints(exchange.urls['api'], endpoints ?? {}) };
  // We decide when to reconnect, as for every venue.
  const ws = isRecord(exchange.options['ws']) ? exchange.options['ws'] : {};
  exchange.options['ws'] = { ...ws, backoff: { base: 0, max: 0 } };
  Object.assign(exchange, routeSettings(routeTo(exchange, options), exchange));
  // ccxt would log to stdout.
  exchange.log = () => undefined;
  return exchange;
}

/**
 * Bundlers leave an import alone if its name is not a constant, so a program that does not need ccxt is bundled without it.
 *
 * @param name - the package's, `ccxt`
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

/** Whether the package itself is missing, not one that it needs. */
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
  if (exchanges.includes(id)) throw missingMethod(venue, 'watchOHLCV');
  const meant = closestWord(id, exchanges);
  const hint = meant === undefined ? '' : `; did you mean ccxt:${meant}?`;
  throw new ConfigError([`venue: ccxt does not know the exchange ${JSON.stringify(id)}${hint}`]);
}

/** From the settings, or else from the environment. What holds for the REST host holds for all hosts. */
function routeTo(exchange: CcxtExchange, { proxy, tls }: Pick<FeedSettings, 'proxy' | 'tls'>): Route {
  const rest = restUrlOf(exchange);
  return networkOf({ proxy, tls }, { rest, stream: rest.replace(/^http/, 'ws') }).rest;
}

/** Candles that ccxt makes out of trades (`'emulated'`) would prove nothing. */
function requireCandles({ has }: CcxtExchange, venue: VenueId): void {
  for (const method of NEEDED) if (has[method] !== true) throw missingMethod(venue, method);
}

function missingMethod(venue: VenueId, method: string): ConfigError {
  const both = NEEDED.join(' and ');
  return new ConfigError([`venue: ${venue} has no ${method} in ccxt; an exchange needs both ${both}`]);
}

/**
 * The list of markets needs no keys. With keys, ccxt would also ask for account data, and fail as a whole if the keys do not
 * permit that.
 */
function skipAccountData({ has, features, options }: CcxtExchange): void {
  if (readsCurrenciesInPrivate(features)) has['fetchCurrencies'] = false;
  options['fetchMargins'] = false;
}

/** ccxt itself would go on without any URL. */
function enterTestnet(exchange: CcxtExchange, venue: VenueId): void {
  if (exchange.urls['test'] === undefined) throw new ConfigError([`testnet: ${venue} has no test network`]);
  exchange.setSandboxMode(true);
}
