/** When and how often to reconnect. */
export interface ReconnectPolicy {
  /** Delay before the first retry, ms. */
  readonly initialDelayMs: number;
  /** Upper bound of every delay, ms. */
  readonly maxDelayMs: number;
  /** Each delay is this many times the one before. */
  readonly multiplier: number;
  /** Failures in a row after which to give up; `Infinity` never does. */
  readonly maxRetries: number;
  /** A random value between half and all of the delay, so that many clients do not reconnect at the same moment. */
  readonly jitter: boolean;
}
