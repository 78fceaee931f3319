import type { SchedulerLike } from 'rxjs';
import { ConfigError } from '../../core/errors.ts';
import { kindOf, readGroup, secret, textOf, type Group, type Schema } from '../../core/schema.ts';
import { TLS, type TlsOptions } from '../../core/tls-options.ts';

/** Who we are to the server. */
export type NatsCredentials =
  | { readonly user: string; readonly password: string }
  | { readonly token: string }
  /** Contents of a `.creds` file (a JWT and the seed that belongs to it). */
  | { readonly creds: string }
  /** Seed of an nkey, `SU…`. */
  | { readonly nkey: string };

/** Where the log is, and who we are there. */
export interface NatsLogOptions {
  /** `nats://host:4222`, or several servers of one cluster. Default `nats://127.0.0.1:4222`. */
  readonly servers?: string | readonly string[] | undefined;
  /**
   * Name of the JetStream stream. Default `CANDLES`. Subjects begin with it in lower case:
   * `candles.okx.BTC-USDT.1m`, and `candles-live.okx.BTC-USDT.1m` for what is delivered as it is stored.
   */
  readonly stream?: string | undefined;
  readonly credentials?: NatsCredentials | undefined;
  /** As `FeedOptions.tls`. A server that asks for TLS gets it without. */
  readonly tls?: TlsOptions | undefined;
  /** Name of the connection, as the server's monitoring shows it. Default `rx-candles`. */
  readonly name?: string | undefined;
  /**
   * Is told once, in a line, that the first attempt to connect has failed, and why; all else is in `status$`. Default:
   * a warning of Node's (`process.emitWarning`).
   */
  readonly warn?: ((line: string) => void) | undefined;
  /** Time between attempts. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
}

/** How the stream is made where there is none, and what is asked of one that is there. */
export interface StreamOptions {
  /** Candles kept of each series, the newest; `'all'` for as many as the disk holds. Default 100,000. */
  readonly keep?: number | 'all' | undefined;
  /** Servers of the cluster that keep a copy: 1, 3 or 5. Default 1. More than one needs nats-server 2.9.21 or later. */
  readonly replicas?: number | undefined;
}

/** The stream, as `ensureStream` left it. */
export interface StreamReport {
  readonly outcome: 'made' | 'found';
  readonly stream: string;
  /** Version of the server that answered. */
  readonly server: string;
  readonly keep: number | 'all';
  readonly replicas: number;
  readonly messages: number;
  readonly bytes: number;
}

/** The same, complete. */
export interface NatsSettings {
  readonly servers: readonly string[];
  readonly stream: string;
  readonly credentials: NatsCredentials | undefined;
  readonly tls: TlsOptions | undefined;
  readonly name: string;
  readonly warn: (line: string) => void;
}

const servers: Schema = {
  must: 'be nats://host:port, tls://host:port or host:port, or a list of them; a user belongs into credentials',
  read(value) {
    const all: readonly unknown[] = Array.isArray(value) ? value : [value];
    return all.length > 0 && all.every(isServer) ? all : undefined;
  },
  show: (value) => textOf(value).replace(/\/\/.*@/, '//…@'),
};

const word = (must: string, pattern: RegExp): Schema => ({
  must,
  read: (value) => (typeof value === 'string' && pattern.test(value) ? value : undefined),
  show: textOf,
});

const OPTIONS: Group = {
  servers,
  stream: word('be a word of letters, digits, - and _', /^[\w-]+$/),
  credentials: { user: secret, password: secret, token: secret, creds: secret, nkey: secret },
  tls: TLS,
  name: word('be a non-blank string', /\S/),
  warn: {
    must: 'be a function',
    read: (value) => (typeof value === 'function' ? value : undefined),
    show: kindOf,
  },
};

/** The keys of one kind of credentials. */
const CREDENTIALS = ['password user', 'token', 'creds', 'nkey'];

/** @throws ConfigError that lists every problem */
export function natsSettings(options: Omit<NatsLogOptions, 'scheduler'>): NatsSettings {
  const place = { path: '', problems: [] as string[], unknown: [] as string[] };
  const read = readGroup(options, OPTIONS, place) as Partial<NatsSettings>;
  const problems = [...place.problems, ...place.unknown, ...credentialProblems(read.credentials)];
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    servers: read.servers ?? ['nats://127.0.0.1:4222'],
    stream: read.stream ?? 'CANDLES',
    credentials: read.credentials,
    tls: read.tls,
    name: read.name ?? 'rx-candles',
    warn: read.warn ?? emitWarning,
  };
}

function emitWarning(line: string): void {
  process.emitWarning(`rx-candles: ${line}`);
}

function credentialProblems(credentials: object | undefined): string[] {
  const keys = Object.keys(credentials ?? {})
    .sort()
    .join(' ');
  if (keys === '' || CREDENTIALS.includes(keys)) return [];
  return [`credentials: must be user and password, token, creds or nkey, got ${kindOf(credentials)} with ${keys}`];
}

function isServer(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const url = /^[a-z]+:\/\//.test(value) ? value : `nats://${value}`;
  return URL.canParse(url) && /^(nats|tls):\/\/[^/@]+\/?$/.test(url);
}
