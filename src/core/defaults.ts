import type { VenueId } from './candle.ts';
import type { LogLevel } from './log-level.ts';
import type { ReconnectPolicy } from './reconnect-policy.ts';

/** Settings that do not depend on the venue; those that do are its `timing` and `endpoints`. */
export const DEFAULTS = {
  venue: 'binance-usdm' as VenueId,
  connections: 1 as 1 | 2,
  restTimeoutMs: 5000,
  logLevel: 'warn' as LogLevel,
};

/** How long a handshake may take, with the exchange or a proxy, ms. */
export const HANDSHAKE_TIMEOUT_MS = 10_000;
/** How long the peer may take to answer our close before the socket is destroyed, ms. */
export const CLOSE_TIMEOUT_MS = 500;

export const DEFAULT_RECONNECT: ReconnectPolicy = {
  initialDelayMs: 1000,
  maxDelayMs: 60_000,
  multiplier: 2,
  maxRetries: 10,
  jitter: true,
};
