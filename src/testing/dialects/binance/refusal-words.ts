import type { EpochMs } from '../../../core/candle.ts';

/** 429 or 418. */
export interface WeightRefusal {
  readonly status: 429 | 418;
  /** For how many seconds nothing should be sent. */
  readonly retryAfter: number;
  readonly limit: number;
  /** End of the ban, ms UTC; undefined for 429. */
  readonly bannedUntil?: EpochMs;
}

/**
 * A refusal in Binance's words.
 *
 * @see https://github.com/ccxt/ccxt/issues/14639 and https://github.com/ccxt/php-binance-api/issues/260
 */
export function wordsOf(
  { limit, bannedUntil }: Pick<WeightRefusal, 'limit' | 'bannedUntil'>,
  tellsEnd: boolean,
): string {
  if (bannedUntil === undefined) {
    return `Too much request weight used; current limit is ${String(limit)} request weight per 1 MINUTE. Please use the websocket for live updates to avoid polling the API.`;
  }
  const end = tellsEnd ? ` until ${String(bannedUntil)}` : '';
  return `Way too much request weight used; IP(127.0.0.1) banned${end}. Please use the websocket for live updates to avoid bans.`;
}
