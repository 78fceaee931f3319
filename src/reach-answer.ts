import type { Route } from './adapters/network.ts';
import type { EpochMs } from './core/candle.ts';
import type { DisconnectReason } from './core/events.ts';
import type { RateLimit } from './core/rate-limit.ts';
import { MarketDataError, type MarketDataFailure, type Usage } from './ports/market-data.ts';
import { SessionError } from './ports/session.ts';

/** How a feed of some settings reaches its exchange, step by step: for a command that looks for what is in the way. */
export interface Reach {
  readonly rest: Host;
  /** Undefined where ccxt alone knows the hosts. */
  readonly stream: Host | undefined;
  /** A symbol as the venue writes it; undefined where only its list tells. */
  readonly example: string | undefined;
  /** Whether every close is read over REST, because the stream calls no candle closed. */
  readonly fetchesCloses: boolean;
  /** Asks the exchange for its time, once. */
  askTime(): Promise<TimeAnswer>;
  /** Opens a WebSocket and closes it again; undefined where ccxt alone can. */
  readonly shakeHands: (() => Promise<Handshake>) | undefined;
}

/** A host, and how connections to it are opened. */
export interface Host extends Route {
  readonly url: string;
}

/** The exchange's time. Local times are this machine's wall clock, ms UTC. */
export interface TimeTold {
  readonly ok: true;
  readonly time: EpochMs;
  /** The exchange's clock shows steps of this length, ms. */
  readonly stepMs: number;
  readonly sentAt: number;
  readonly receivedAt: number;
  /** What is used of its limits, where the exchange tells. */
  readonly usage: Usage;
  /** Those that are documented of the venue's main host; empty for other hosts. */
  readonly limits: readonly RateLimit[];
}

/** Why there was no answer, or which one. */
export interface Refusal<Reason extends string> {
  readonly ok: false;
  readonly reason: Reason;
  readonly message: string;
  /** HTTP status; 0 where there was none. */
  readonly status: number;
  /** Pause that the exchange asks for, ms. */
  readonly retryAfterMs: number | undefined;
}

export type TimeAnswer = TimeTold | Refusal<MarketDataFailure>;
export type Handshake = { readonly ok: true; readonly tookMs: number } | Refusal<DisconnectReason>;

/** An observable that ended with neither a value nor an error. */
export function noAnswer<Reason extends string>(reason: Reason): Refusal<Reason> {
  return { ok: false, reason, message: 'no answer', status: 0, retryAfterMs: undefined };
}

/** A failed request as an answer; a bug of ours is thrown on. */
export function restRefusal(error: unknown): Refusal<MarketDataFailure> {
  if (!(error instanceof MarketDataError)) throw error;
  const { failure: reason, message, status, retryAfterMs } = error;
  return { ok: false, reason, message, status, retryAfterMs };
}

/** A failed handshake as an answer; a bug of ours is thrown on. */
export function streamRefusal(error: unknown): Refusal<DisconnectReason> {
  if (!(error instanceof SessionError)) throw error;
  const { reason, message, status, retryAfterMs } = error;
  return { ok: false, reason, message, status, retryAfterMs };
}
