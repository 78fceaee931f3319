import { VENUE_IDS, type VenueId } from '../core/candle.ts';
import { ConfigError } from '../core/errors.ts';
import type { LogLevel } from '../core/log-level.ts';
import type { FeedSettings } from '../core/settings.ts';
import { readApiKeys } from './api-keys.ts';
import { readConfigFile, type ConfigFile } from './config-file.ts';
import { logLine } from './log.ts';
import { readTextFile, type Complaint, type TextFile } from './text-file.ts';

const DEFAULT_FILE = 'config.yaml';
/** The host program may have dozens of settings. */
const MOST_NAMED = 5;
const HINT =
  'to keep them separate from those of another program, put the settings of rx-candles under the key rxCandles of ' +
  'that file, or into a separate file and pass its path';

/**
 * Reads a feed's settings from `config.yaml`, and keys from the environment or else from `.env` in the working directory:
 * `BINANCE_API_KEY` and `BINANCE_API_SECRET`, or for `ccxt:kraken` `KRAKEN_API_KEY`, `KRAKEN_API_SECRET` and
 * `KRAKEN_API_PASSWORD`. Leaves `process.env` as it is.
 *
 * Both files are optional, unless `path` names one. Settings stand at the top level of the file, or under its key
 * `rxCandles`, and then nothing else of it is looked at. An option left empty has its default. Keys of the environment
 * take the place of `credentials` in the file, and belong to the venues of their exchange alone. What was read is logged at INFO.
 *
 * @param path - a YAML file, from the working directory; default `config.yaml`
 * @returns rejects with a ConfigError that lists every problem of files and environment; it repeats no secret
 */
export function loadConfig(path?: string): Promise<FeedSettings> {
  return askForConfig(path);
}

/** @param instead - takes the place of what the file says */
export async function askForConfig(path?: string, instead: Instead = {}): Promise<FeedSettings> {
  const { logLevel } = instead;
  const { settings, files, complaints, hint } = await readConfig(path, instead);
  if (complaints.length > 0) throw errorOf(complaints, hint);
  tellFiles(files, logLevel ?? settings.logLevel);
  return settings;
}

/**
 * Settings from files that nobody named: `config.yaml` and `.env` may belong to the host program. What is not
 * ours there, or cannot be read, is logged in one WARN; an invalid value of a known key is still an error.
 *
 * @param instead - takes the place of what the file says
 * @returns rejects with a ConfigError
 */
export async function findConfig(instead: Instead = {}): Promise<FeedSettings> {
  const { settings, files, complaints, hint } = await readConfig(undefined, instead);
  const bad = complaints.filter(({ kind }) => kind === 'bad');
  if (bad.length > 0) throw errorOf(bad, hint);
  const level = instead.logLevel ?? settings.logLevel;
  tellFiles(files, level);
  tellLeftAlone({ complaints, hint }, level);
  return settings;
}

/** What the files and the environment say, and what is wrong with it. */
export interface ConfigReading {
  readonly settings: FeedSettings;
  /** Those that were read, in full. */
  readonly files: readonly string[];
  /** Where API keys, or half a pair of them, were found: `environment`, `.env`, or the configuration file. */
  readonly keysFrom: string | undefined;
  readonly complaints: readonly Complaint[];
  /** Advice if the file is shared with another program. */
  readonly hint: string | undefined;
}

/** What the caller has decided already. */
interface Instead {
  readonly logLevel?: LogLevel | undefined;
  /** Its keys are read, and those of the file's venue are left out. */
  readonly venue?: VenueId | undefined;
}

/**
 * What `askForConfig` and `findConfig` go by. Nothing is logged, and nothing is an error.
 *
 * @param path - the file that was asked for; without one, `config.yaml` if there is one
 */
export async function readConfig(path: string | undefined, { venue }: Instead): Promise<ConfigReading> {
  const { file, complaints: unread } = await readTextFile(path ?? DEFAULT_FILE, path !== undefined);
  const config = file === undefined ? NO_FILE : await readConfigFile(file);
  const given = forVenue(venue, config.settings);
  const keys = await readApiKeys(given.venue ?? VENUE_IDS[0]);
  return {
    settings: withCredentials(given, keys.credentials),
    files: namesOf(file, config, keys.file),
    keysFrom: keys.from ?? keptFrom(file, given),
    complaints: [...unread, ...config.complaints, ...keys.complaints],
    hint: config.complaints.length > 0 && !config.isApart ? HINT : undefined,
  };
}

function keptFrom(file: TextFile | undefined, { credentials }: FeedSettings): string | undefined {
  return credentials === undefined ? undefined : file?.name;
}

/** The keys in the file are those of the venue in the file. */
function forVenue(venue: VenueId | undefined, settings: FeedSettings): FeedSettings {
  if (venue === undefined || venue === (settings.venue ?? VENUE_IDS[0])) return settings;
  return { ...settings, venue, credentials: undefined };
}

/** Without any, the key is left out. */
function withCredentials({ credentials, ...others }: FeedSettings, keys: FeedSettings['credentials']): FeedSettings {
  const own = keys ?? credentials;
  return own === undefined ? others : { ...others, credentials: own };
}

const NO_FILE: ConfigFile = { settings: {}, complaints: [], isApart: false };

function namesOf(file: TextFile | undefined, config: ConfigFile, env: TextFile | undefined): string[] {
  const settings = file === undefined ? [] : [`${file.path}${config.isApart ? ' (rxCandles)' : ''}`];
  return [...settings, ...(env === undefined ? [] : [env.path])];
}

function errorOf(complaints: readonly Complaint[], hint: string | undefined): ConfigError {
  return new ConfigError(complaints.map(textOf), { hint });
}

function textOf({ name, about }: Complaint): string {
  return `${name}: ${about}`;
}

function tellLeftAlone(
  { complaints, hint }: Pick<ConfigReading, 'complaints' | 'hint'>,
  level: LogLevel = 'warn',
): void {
  if (complaints.length === 0) return;
  const unknown = complaints.filter(({ kind }) => kind === 'unknown');
  const others = complaints.filter(({ kind }) => kind !== 'unknown');
  // The list of options is of no interest in another program's file.
  const named = unknown.slice(0, MOST_NAMED).map((one) => textOf(one).replace(/; the options are .*/, ''));
  const more = unknown.length > MOST_NAMED ? [`${unknown.length - MOST_NAMED} more such keys`] : [];
  const parts = [...named, ...more, ...others.map(textOf), ...(hint === undefined ? [] : [hint])];
  logLine(level, 'warn', `ignored: ${parts.join('; ')}`);
}

function tellFiles(files: readonly string[], level: LogLevel = 'warn'): void {
  if (files.length > 0) logLine(level, 'info', `configuration read from ${files.join(' and ')}`);
}
