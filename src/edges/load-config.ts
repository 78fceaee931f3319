import type * as Dotenv from 'dotenv';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as Yaml from 'yaml';
import { ConfigError } from '../core/errors.ts';
import { validateSettings, type FeedSettings } from '../core/settings.ts';

const DEFAULT_FILE = 'config.yaml';
const ENV_FILE = '.env';
const KEY = 'BINANCE_API_KEY';
const SECRET = 'BINANCE_API_SECRET';

/** The parsers are loaded with the first file there is to read: `import 'rx-candles'` costs their start-up to nobody else. */
const load = createRequire(import.meta.url);

/**
 * Reads a feed's settings from `config.yaml`, and the keys `BINANCE_API_KEY` and `BINANCE_API_SECRET` from the
 * environment or else from `.env` in the working directory. Leaves `process.env` as it is.
 *
 * Both files are optional, unless `path` names one. An option left empty has its default. Keys of the environment take
 * the place of `credentials` in the file.
 *
 * @param path - a YAML file, from the working directory; default `config.yaml`
 * @throws ConfigError that lists every problem of files and environment; it repeats no secret
 */
export function loadConfig(path?: string): FeedSettings {
  const problems: string[] = [];
  const written = readYaml(path ?? DEFAULT_FILE, path !== undefined, problems);
  const keys = readKeys(problems);
  const input = isMapping(written) && keys !== undefined ? { ...written, credentials: keys } : written;
  const { settings, problems: complaints } = validateSettings(input);
  problems.push(...complaints);
  if (problems.length > 0) throw new ConfigError(problems);
  return settings;
}

function readYaml(file: string, isNeeded: boolean, problems: string[]): unknown {
  const text = readText(file, isNeeded, problems);
  if (text === undefined) return {};
  const document = (load('yaml') as typeof Yaml).parseDocument(text);
  problems.push(...document.errors.map((error) => `${file}${placeOf(error)}: is not valid YAML (${wordsOf(error)})`));
  if (document.errors.length > 0) return {};
  try {
    return withoutNulls(document.toJS()) ?? {};
  } catch {
    // The message would repeat what is written there, which may be a secret.
    problems.push(`${file}: is not valid YAML (its aliases lead nowhere or too far)`);
    return {};
  }
}

function placeOf({ linePos }: Yaml.YAMLError): string {
  return linePos === undefined ? '' : `:${linePos[0].line}:${linePos[0].col}`;
}

function wordsOf({ code }: Yaml.YAMLError): string {
  return code.toLowerCase().replaceAll('_', ' ');
}

/** An option whose line is there but empty, or whose whole group is commented out, is null in YAML. */
function withoutNulls(value: unknown): unknown {
  if (value === null) return undefined;
  if (!isMapping(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutNulls(inner)]));
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An empty variable is one that was not filled in: `.env.example`, copied as it is, sets no keys. */
function readKeys(problems: string[]): { apiKey: string; apiSecret: string } | undefined {
  const text = readText(ENV_FILE, false, problems);
  const file = text === undefined ? {} : (load('dotenv') as typeof Dotenv).parse(text);
  const [apiKey, apiSecret] = [filledIn(KEY, file), filledIn(SECRET, file)];
  if (apiKey !== '' && apiSecret !== '') return { apiKey, apiSecret };
  if (apiKey !== apiSecret) problems.push(oneIsMissing(apiKey === '' ? KEY : SECRET));
  return undefined;
}

function filledIn(name: string, file: Readonly<Record<string, string>>): string {
  return [process.env[name], file[name]].find((value) => value !== undefined && value.trim() !== '') ?? '';
}

function oneIsMissing(name: string): string {
  return `${name}: is missing; set both ${KEY} and ${SECRET}, in the environment or in ${ENV_FILE}, or neither`;
}

function readText(file: string, isNeeded: boolean, problems: string[]): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    if (isNeeded || code !== 'ENOENT') {
      problems.push(`${file}: ${code === 'ENOENT' ? 'there is no such file' : `cannot be read (${code})`}`);
    }
    return undefined;
  }
}
