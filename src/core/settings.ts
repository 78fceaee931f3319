import type { ReconnectOptions, ReconnectPolicy } from './backoff.ts';
import { VENUE_IDS, type VenueId } from './candle.ts';
import type { LogLevel } from './log-level.ts';
import { PROXY_URL, parseProxyUrl, showProxyUrl } from './proxy-url.ts';
import {
  boolean,
  isRecord,
  kindOf,
  numberSchema,
  readGroup,
  secret,
  urlSchema,
  wordSchema,
  type Group,
  type Schema,
} from './schema.ts';
import { TLS, type TlsOptions } from './tls-options.ts';

/** All options of a feed that are plain data; `config.yaml` has the same names. */
export interface FeedSettings {
  /** Which exchange market; `ccxt:<id>` for an exchange of ccxt. Default `binance-usdm`. */
  readonly venue?: VenueId | undefined;
  /** The test network's hosts, for stream and REST. Default false. */
  readonly testnet?: boolean | undefined;
  /**
   * Optional: klines are public. Native venues never send them, ccxt gets them for `ccxt:` venues; never logged.
   * `apiPassword` is what some exchanges call a passphrase.
   */
  readonly credentials?:
    { readonly apiKey: string; readonly apiSecret: string; readonly apiPassword?: string | undefined } | undefined;
  /** `stream` is what `/stream` is appended to, `rest` is scheme and host, and the path of a reverse proxy. Default by venue. */
  readonly endpoints?: { readonly stream?: string | undefined; readonly rest?: string | undefined } | undefined;
  /**
   * URL of the proxy for stream and REST: `http://user:password@host:port`, `https://…` or `socks5://…`; false for none.
   * Never logged with its password. Default: what `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` say.
   */
  readonly proxy?: string | false | undefined;
  /** For encrypted connections, stream and REST. In `config.yaml`: paths of files. Default: Node's. */
  readonly tls?: TlsOptions | undefined;
  /** 2: each series on two connections, the first close wins, so that the loss of one costs nothing. Default 1. */
  readonly connections?: 1 | 2 | undefined;
  readonly reconnect?: ReconnectOptions | undefined;
  /** How long after its close time to wait for a candle before fetching it, ms. Default 4000 futures, 2000 spot. */
  readonly graceMs?: number | undefined;
  /** How long after its close time a REST row may still change, ms. Default 2000 futures, 1000 spot. */
  readonly settleMs?: number | undefined;
  /** How long a connection may deliver no data before it is replaced, ms. Default 30000. */
  readonly silenceMs?: number | undefined;
  /** Timeout of one REST request, body included, ms. Default 5000. */
  readonly restTimeoutMs?: number | undefined;
  /** Age by which a connection has been replaced, ms. Default 23 h. */
  readonly rotateAfterMs?: number | undefined;
  /** Default `warn`. */
  readonly logLevel?: LogLevel | undefined;
}

export interface CheckedSettings {
  /** The valid settings; complete only if there are no problems. */
  readonly settings: FeedSettings;
  /** Every problem, each beginning with its key: `reconnect.maxDelayMs: must be …, got …`. No secrets. */
  readonly problems: string[];
  /** Problems with the value of a known key. */
  readonly bad: string[];
  /** Problems with an unknown key. */
  readonly unknown: string[];
  /** Problems with a key without its secret, or the other way round. */
  readonly half: string[];
}

const LOG_LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'silent'];
/** A timer with a longer delay (24.8 days) fires at once. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

const wait = numberSchema(`be a number of ms from 0 to ${LONGEST_WAIT_MS}`, (ms) => ms >= 0 && ms <= LONGEST_WAIT_MS);
const deadline = numberSchema(
  `be a number of ms above 0 and at most ${LONGEST_WAIT_MS}`,
  (ms) => ms > 0 && ms <= LONGEST_WAIT_MS,
);

const RECONNECT: Record<keyof ReconnectPolicy, Schema> = {
  initialDelayMs: wait,
  maxDelayMs: wait,
  multiplier: numberSchema('be a number of at least 1', (factor) => factor >= 1 && factor < Infinity),
  maxRetries: numberSchema('be a whole number of at least 0, or Infinity', isCount),
  jitter: boolean,
};

const PROXY: Schema = {
  must: `be false or ${PROXY_URL}`,
  read: (value) => (value === false || isProxyUrl(value) ? value : undefined),
  show: (value) => (typeof value === 'string' && value !== '' ? showProxyUrl(value) : kindOf(value)),
};

const VENUE = wordSchema(VENUE_IDS);

/** Which exchanges ccxt has, it alone knows. */
const venueSchema: Schema = {
  must: `${VENUE.must} or ccxt:<exchange>`,
  read: (value) => (typeof value === 'string' && /^ccxt:[a-z0-9]+$/.test(value) ? value : VENUE.read(value)),
  show: VENUE.show,
};

const SETTINGS: Record<keyof FeedSettings, Schema | Group> = {
  venue: venueSchema,
  testnet: boolean,
  credentials: { apiKey: secret, apiSecret: secret, apiPassword: secret },
  endpoints: {
    stream: urlSchema(
      'be a ws:// or wss:// URL without query, and without the /stream that will be appended',
      isStreamUrl,
    ),
    rest: urlSchema("be an http:// or https:// URL without query, and without the exchange's own path", isRestUrl),
  },
  proxy: PROXY,
  tls: TLS,
  connections: numberSchema('be 1 or 2', (count) => count === 1 || count === 2),
  reconnect: RECONNECT,
  graceMs: wait,
  settleMs: wait,
  silenceMs: deadline,
  restTimeoutMs: deadline,
  rotateAfterMs: deadline,
  logLevel: wordSchema(LOG_LEVELS, (word) => word.toLowerCase()),
};

/** Validates untrusted settings and collects all problems; undefined counts as absent. */
export function validateSettings(input: unknown): CheckedSettings {
  const bad: string[] = [];
  const unknown: string[] = [];
  const settings: FeedSettings = readGroup(input ?? {}, SETTINGS, { path: '', problems: bad, unknown });
  bad.push(...delayProblems(settings.reconnect, 'reconnect.'));
  const half = credentialProblems(input);
  return { settings, problems: [...bad, ...unknown, ...half], bad, unknown, half };
}

/** Every problem of a reconnection policy, each beginning with its key. */
export function reconnectProblems(policy: unknown): string[] {
  const problems: string[] = [];
  const unknown: string[] = [];
  const read: ReconnectOptions = readGroup(policy ?? {}, RECONNECT, { path: '', problems, unknown });
  return [...problems, ...unknown, ...delayProblems(read, '')];
}

/** An upper bound below an explicit initial delay is a mistake; below the default one it just means a constant delay. */
function delayProblems(policy: ReconnectOptions | undefined, prefix: string): string[] {
  const { initialDelayMs, maxDelayMs } = policy ?? {};
  if (initialDelayMs === undefined || maxDelayMs === undefined || maxDelayMs >= initialDelayMs) return [];
  return [`${prefix}maxDelayMs: must be at least initialDelayMs (${initialDelayMs}), got ${maxDelayMs}`];
}

/** A key without its secret, or the other way round, is useless. */
function credentialProblems(input: unknown): string[] {
  const credentials = isRecord(input) ? input['credentials'] : undefined;
  if (!isRecord(credentials)) return [];
  return ['apiKey', 'apiSecret']
    .filter((key) => credentials[key] === undefined)
    .map((key) => `credentials.${key}: is missing; set both apiKey and apiSecret, or neither`);
}

function isCount(value: number): boolean {
  return value === Infinity || (Number.isInteger(value) && value >= 0);
}

function isProxyUrl(value: unknown): boolean {
  return typeof value === 'string' && parseProxyUrl(value) !== undefined;
}

function isStreamUrl({ protocol, pathname }: URL): boolean {
  return /^wss?:$/.test(protocol) && !/\/(stream|ws)\/*$/.test(pathname);
}

function isRestUrl({ protocol, pathname }: URL): boolean {
  return /^https?:$/.test(protocol) && !/\/[fd]?api\/v\d+\/*$/.test(pathname);
}
