import type { VenueId } from '../core/candle.ts';
import type { FeedSettings } from '../core/settings.ts';
import { readTextFile, type Complaint, type TextFile } from './text-file.ts';

const ENV_FILE = '.env';

export interface ApiKeys {
  readonly credentials: FeedSettings['credentials'];
  /** The file, if it had to be read. */
  readonly file: TextFile | undefined;
  readonly complaints: readonly Complaint[];
}

/**
 * The venue's keys from the environment or else from `.env` in the working directory. The parser is loaded only where
 * there is a file; `process.env` stays as it is.
 */
export async function readApiKeys(venue: VenueId): Promise<ApiKeys> {
  const names = namesFor(venue);
  if (names === undefined) return { credentials: undefined, file: undefined, complaints: [] };
  const given = pairOf(names, process.env);
  if (isWhole(given)) return { credentials: given, file: undefined, complaints: [] };
  const { file, complaints } = await readTextFile(ENV_FILE, false);
  const written = pairOf(names, file === undefined ? {} : (await import('dotenv')).parse(file.text));
  const pair = { apiKey: given.apiKey || written.apiKey, apiSecret: given.apiSecret || written.apiSecret };
  if (isWhole(pair)) return { credentials: pair, file, complaints };
  return { credentials: undefined, file, complaints: [...complaints, ...halves(pair, names)] };
}

interface Names {
  readonly key: string;
  readonly secret: string;
}

/** `BINANCE_…` is for Binance only: its keys must not be sent to another venue. */
function namesFor(venue: string): Names | undefined {
  const isBinance = /^(ccxt:)?binance/.test(venue);
  return isBinance ? { key: 'BINANCE_API_KEY', secret: 'BINANCE_API_SECRET' } : undefined;
}

interface Pair {
  readonly apiKey: string;
  readonly apiSecret: string;
}

function pairOf({ key, secret }: Names, values: Variables): Pair {
  return { apiKey: filledIn(key, values), apiSecret: filledIn(secret, values) };
}

function isWhole({ apiKey, apiSecret }: Pair): boolean {
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
  const name = filledIn(given, process.env) === '' ? ENV_FILE : 'environment';
  const both = `set both ${names.key} and ${names.secret}, in the environment or in ${ENV_FILE}`;
  const about = `${missing}: is missing; ${both}, or neither: candles need no keys`;
  return [{ name, kind: 'half a pair', about }];
}
