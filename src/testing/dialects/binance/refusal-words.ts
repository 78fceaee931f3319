import type { EpochMs } from '../../../core/candle.ts';

/** What a refusal for too much weight has to tell. */
interface WeightRefusal {
  readonly limit: number;
  /** End of the ban, ms UTC; undefined for 429. */
  readonly bannedUntil: EpochMs | undefined;
}

/**
 * A refusal in Binance's words.
 *
 * @see https://github.com/ccxt/ccxt/issues/14639 and https://github.com/ccxt/php-binance-api/issues/260
 */
export function wordsOf({ limit, bannedUntil }: WeightRefusal, tellsEnd: boolean): string {
  if (bannedUntil === undefined) {
    return `Too much request weight used; current limit is ${String(limit)} request weight per 1 MINUTE. Please use the websocket for live updates to avoid polling the API.`;
  }
  const end = tellsEnd ? ` until ${String(bannedUntil)}` : '';
  return `Way too much request weight used; IP(127.0.0.1) banned${end}. Please use the websocket for live updates to avoid bans.`;
}
