import type { EpochMs, VenueId } from './candle.ts';
import { hostOf } from './cause.ts';

/** Stable codes; `docs/errors.md` has a heading for each. Match on these, never on message text. */
export type FeedErrorCode =
  | 'FEED_CONFIG' | 'FEED_CLOSED' | 'FEED_UNKNOWN_SYMBOL' | 'FEED_SYMBOL_NOT_TRADING' | 'FEED_UNSUPPORTED_INTERVAL'
  | 'FEED_GEO_BLOCKED' | 'FEED_RECONNECT_EXHAUSTED' | 'FEED_RESAMPLE' | 'FEED_STORE' | 'FEED_LOG' | 'FEED_INTERNAL'; // prettier-ignore

/** Base of every error that this library throws or passes to a subscriber. */
export abstract class FeedError extends Error {
  abstract override readonly name: string;
  abstract readonly code: FeedErrorCode;
  /** Open time of the last candle this subscription delivered, ms UTC; undefined if there was none. Pass it as `since`. */
  lastTimestamp: EpochMs | undefined = undefined;

  /** The same error for one subscription: each has delivered its own last candle. */
  after(lastTimestamp: EpochMs | undefined): this {
    const error = this.cause === undefined ? new Error(this.message) : new Error(this.message, { cause: this.cause });
    Object.setPrototypeOf(error, Object.getPrototypeOf(this) as object);
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- its prototype is this one's
    return Object.assign(error, this, { stack: this.stack, lastTimestamp });
  }
}

/** Options or `config.yaml` are invalid; `problems` lists every problem, each with its key, and its file if it has one. */
export class ConfigError extends FeedError {
  override readonly name = 'ConfigError';
  readonly code = 'FEED_CONFIG';
  readonly problems: readonly string[];

  /** @param options - `hint` ends the message: how to fix them all */
  constructor(problems: readonly string[], options?: ErrorOptions & { readonly hint?: string | undefined }) {
    const hint = options?.hint === undefined ? '' : `; ${options.hint}`;
    super(`${problems.length === 1 ? 'bad option' : 'bad options'}: ${problems.join('; ')}${hint}`, options);
    this.problems = problems;
  }
}

/** The feed was closed; create a new one with `createFeed`. */
export class FeedClosedError extends FeedError {
  override readonly name = 'FeedClosedError';
  readonly code = 'FEED_CLOSED';

  constructor() {
    super('the feed is closed; create a new one with createFeed()');
  }
}

/** The exchange does not list the symbol on this market. */
export class UnknownSymbolError extends FeedError {
  override readonly name = 'UnknownSymbolError';
  readonly code = 'FEED_UNKNOWN_SYMBOL';
  readonly symbol: string;
  readonly venue: VenueId;

  constructor(symbol: string, venue: VenueId, hint = '') {
    super(`${venue} does not list the symbol ${JSON.stringify(symbol)}${hint === '' ? '' : `; ${hint}`}`);
    this.symbol = symbol;
    this.venue = venue;
  }
}

/** The symbol exists but no longer trades; use `history` or `since` to read its past. */
export class SymbolNotTradingError extends FeedError {
  override readonly name = 'SymbolNotTradingError';
  readonly code = 'FEED_SYMBOL_NOT_TRADING';
  readonly symbol: string;
  readonly status: string;

  constructor(symbol: string, status: string) {
    super(`${symbol} no longer trades (status ${status}); pass { history } or { since } to read its past candles`);
    this.symbol = symbol;
    this.status = status;
  }
}

/** The market has no candles of that interval. */
export class UnsupportedIntervalError extends FeedError {
  override readonly name = 'UnsupportedIntervalError';
  readonly code = 'FEED_UNSUPPORTED_INTERVAL';
  readonly interval: string;

  constructor(interval: string, supported: readonly string[], hint = '') {
    const end = hint === '' ? '' : `; ${hint}`;
    super(`interval ${JSON.stringify(interval)} is not one of ${supported.join(' ')}${end}`);
    this.interval = interval;
  }
}

/** The exchange refuses this location (HTTP 451). Retrying from the same address is useless. */
export class GeoBlockedError extends FeedError {
  override readonly name = 'GeoBlockedError';
  readonly code = 'FEED_GEO_BLOCKED';
  readonly url: string;

  constructor(url: string) {
    super(`the exchange refuses this location (HTTP 451 from ${url}); run from an allowed country or set endpoints`);
    this.url = url;
  }
}

/** `reconnect.maxRetries` failures in a row. Resume without a gap: `defer(() => closedCandles$(s, i, { since: lastTimestamp }))`. */
export class ReconnectExhaustedError extends FeedError {
  override readonly name = 'ReconnectExhaustedError';
  readonly code = 'FEED_RECONNECT_EXHAUSTED';
  readonly attempts: number;
  /** Where to; undefined if not known. */
  readonly url: string | undefined;

  /** @param options - `cause` is the failure of the last attempt */
  constructor(attempts: number, options: ErrorOptions & { readonly url?: string } = {}) {
    const { url, ...rest } = options;
    const from = url === undefined ? '' : ` from ${hostOf(url)}`;
    const why = rest.cause instanceof Error ? `: ${rest.cause.message}` : '';
    const advice = 'check the network, or raise reconnect.maxRetries';
    super(`gave up after ${String(attempts)} reconnects in a row without data${from}${why}; ${advice}`, rest);
    this.attempts = attempts;
    this.url = url;
  }
}

/** The candles passed to `resample` cannot be aggregated into the target interval. */
export class ResampleError extends FeedError {
  override readonly name = 'ResampleError';
  readonly code = 'FEED_RESAMPLE';
}

/** Why a store cannot be opened, read or written. */
export type StoreReason =
  | 'no engine' | 'not a store' | 'damaged' | 'later version' | 'not found' | 'not writable' | 'disk full' | 'locked'
  | 'closed' | 'bad candle' | 'bad file' | 'unknown'; // prettier-ignore

/** A file of candles cannot be opened, read or written. Nothing in it was changed, and what was durable still is. */
export class StoreError extends FeedError {
  override readonly name = 'StoreError';
  readonly code = 'FEED_STORE';
  readonly reason: StoreReason;
  /** The file. */
  readonly path: string;

  /** @param what - follows the file's name in the message: what is wrong, and what to do */
  constructor(reason: StoreReason, path: string, { what, cause }: { readonly what: string; readonly cause?: unknown }) {
    super(`${path}: ${what}`, cause === undefined ? {} : { cause });
    this.reason = reason;
    this.path = path;
  }
}

/** Why a log cannot be written or read. */
export type LogReason =
  | 'not installed' | 'no JetStream' | 'no stream' | 'wrong rules' | 'old server' | 'refused' | 'hole' | 'bad message'
  | 'closed' | 'unknown'; // prettier-ignore

/** A log cannot be written or read, and will not be by waiting. What was stored still is. */
export class LogError extends FeedError {
  override readonly name = 'LogError';
  readonly code = 'FEED_LOG';
  readonly reason: LogReason;
  /** The log: its stream, or the series in it. */
  readonly log: string;

  /** @param what - follows the log's name in the message: what is wrong, and what to do */
  constructor(reason: LogReason, log: string, { what, cause }: { readonly what: string; readonly cause?: unknown }) {
    super(`${log}: ${what}`, cause === undefined ? {} : { cause });
    this.reason = reason;
    this.log = log;
  }
}

/**
 * A module of this library could not be loaded, or it hit a bug; `cause` is what was thrown.
 * No candle is lost: resume with `since: lastTimestamp`.
 */
export class InternalError extends FeedError {
  override readonly name = 'InternalError';
  readonly code = 'FEED_INTERNAL';

  constructor(cause: unknown) {
    const text = cause instanceof Error ? cause.message : String(cause);
    const advice = 'check that the package is fully installed, otherwise report it with the cause';
    super(`internal error in rx-candles: ${text}; ${advice}`, { cause });
  }
}

/** Converts any exception for a subscriber: ours unchanged, everything else as an InternalError. */
export function toFeedError(error: unknown): FeedError {
  return error instanceof FeedError ? error : new InternalError(error);
}

/** True for every error of this library, even from another copy of it. */
export function isFeedError(error: unknown): error is FeedError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('FEED_');
}
