import { causeAt } from '../../core/cause.ts';
import type { MarketDataError } from '../../ports/market-data.ts';

/** A failed body may be quoted in the message; nobody reads more of it than this. */
const LONGEST = 200;

/** Why REST is of no use now, for people: `REST: network: getaddrinfo ENOTFOUND fapi.binance.com`. */
export function failureText({ failure, message }: MarketDataError, restUrl: string): string {
  // The whole URL has the times of one request in it: what is told again and again should read the same.
  const cause = message.replace(/ from https?:\/\/\S+/, '').slice(0, LONGEST);
  return `REST: ${failure}: ${causeAt(restUrl, cause)}`;
}
