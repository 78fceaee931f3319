import type { VenueId } from '../core/candle.ts';
import type { FeedSettings } from '../core/settings.ts';
import { readTextFile, type Complaint, type TextFile } from './text-file.ts';

const ENV_FILE = '.env';
const ENVIRONMENT = 'environment';

export interface ApiKeys {
  readonly credentials: FeedSettings['credentials'];
  /** Where they, or half of them, were found; undefined where nothing was. */
  readonly from?: string;
  /** The file, if it had to be read. */
  readonly file: TextFile | undefined;
  readonly complaints: readonly Complaint[];
}

/**
 * The venue's keys from the environment or else from `.env` in the working directory, each by its own name. The parser is
 * loaded only where there is a file; `process.env` stays as it is.
 */
export async function readApiKeys(venue: VenueId): Promise<ApiKeys> {
  const names = namesFor(venue);
  if (names === undefined) return { credentials: undefined, ...NO_FILE };
  const given = pairOf(names, process.env);
  if (isWhole(given) && !wantsPassword(given, names)) {
    return { credentials: credentialsOf(given), from: ENVIRONMENT, ...NO_FILE };
  }
  const { file, complaints } = await readTextFile(ENV_FILE, false);
  const written = pairOf(names, file === undefined ? {} : (await import('dotenv')).parse(file.text));
  const pair = joined(given, written);
  const from = sourcesOf(given, written);
  if (isWhole(pair)) return { credentials: credentialsOf(pair), ...from, file, complaints };
  return { credentials: undefined, ...from, file, complaints: [...complaints, ...halves(pair, names)] };
}

function sourcesOf(given: Pair, written: Pair): Pick<ApiKeys, 'from'> {
  const isAny = (pair: Pair): boolean => pair.apiKey + pair.apiSecret !== '';
  // What the environment has is not taken from the file.
  const used = isWhole(given) ? [ENVIRONMENT] : [...(isAny(given) ? [ENVIRONMENT] : []), ...(isAny(written) ? [ENV_FILE] : [])]; // prettier-ignore
  return used.length === 0 ? {} : { from: used.join(' and ') };
}

const NO_FILE = { file: undefined, complaints: [] };

interface Names {
  readonly key: string;
  readonly secret: string;
  /** Where some exchanges have one. */
  readonly password?: string;
}

/** Keys of one exchange must not be sent to another. `BINANCE_…` is for all of Binance's. */
function namesFor(venue: string): Names | undefined {
  if (/^(ccxt:)?binance/.test(venue)) return { key: 'BINANCE_API_KEY', secret: 'BINANCE_API_SECRET' };
  const [, id] = /^ccxt:(.+)$/.exec(venue) ?? [];
  if (id === undefined) return undefined;
  const prefix = `${id.toUpperCase()}_API_`;
  return { key: `${prefix}KEY`, secret: `${prefix}SECRET`, password: `${prefix}PASSWORD` };
}

/** What was not found is empty. */
interface Pair {
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly apiPassword: string;
}

function pairOf({ key, secret, password }: Names, values: Variables): Pair {
  const apiPassword = password === undefined ? '' : filledIn(password, values);
  return { apiKey: filledIn(key, values), apiSecret: filledIn(secret, values), apiPassword };
}

/** The environment goes before the file. */
function joined(given: Pair, written: Pair): Pair {
  return {
    apiKey: given.apiKey || written.apiKey,
    apiSecret: given.apiSecret || written.apiSecret,
    apiPassword: given.apiPassword || written.apiPassword,
  };
}

function wantsPassword({ apiPassword }: Pair, { password }: Names): boolean {
  return password !== undefined && apiPassword === '';
}

function credentialsOf({ apiPassword, ...pair }: Pair): NonNullable<FeedSettings['credentials']> {
  return apiPassword === '' ? pair : { ...pair, apiPassword };
}

function isWhole({ apiKey, apiSecret }: Pick<Pair, 'apiKey' | 'apiSecret'>): boolean {
  return apiKey !== '' && apiSecret !== '';
}

type Variables = Readonly<Record<string, string | undefined>>;

/** An empty variable is one that was not filled in: `.env.example`, copied as it is, sets no keys. */
function filledIn(name: string, values: Variables): string {
  const value = values[name] ?? '';
  return value.trim() === '' ? '' : value;
}

function halves({ apiKey, apiSecret }: Pair, names: Names): Complaint[] {
  if ((apiKey === '') === (apiSecret === '')) return [];
  const [given, missing] = apiKey === '' ? [names.secret, names.key] : [names.key, names.secret];
  const name = filledIn(given, process.env) === '' ? ENV_FILE : ENVIRONMENT;
  const both = `set both ${names.key} and ${names.secret}, in the environment or in ${ENV_FILE}`;
  const about = `${missing}: is missing; ${both}, or neither: candles need no keys`;
  return [{ name, kind: 'half a pair', about }];
}
