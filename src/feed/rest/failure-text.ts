import { causeAt } from '../../core/cause.ts';
import type { MarketDataError } from '../../ports/market-data.ts';

/** Most characters of a failed response's body that are quoted in the message. */
const LONGEST = 200;

/** Why REST is failing, human-readable: `REST: network: getaddrinfo ENOTFOUND fapi.binance.com`. */
export function failureText({ failure, message }: MarketDataError, restUrl: string): string {
  // The full URL contains the times of one request: repeated messages should read the same.
  const cause = message.replace(/ from https?:\/\/\S+/, '').slice(0, LONGEST);
  return `REST: ${failure}: ${causeAt(restUrl, cause)}`;
}
