import { pauseUntil, retryAfterOf } from '../../core/retry-after.ts';
import type { HttpAnswer } from '../../ports/http-client.ts';
import { MarketDataError, type MarketDataFailure } from '../../ports/market-data.ts';
import { isCount, isWireObject } from '../values.ts';

/**
 * Codes in an HTTP 200. The others are refusals: 10001 a wrong parameter, 10029 a wrong symbol, …
 *
 * @see https://bybit-exchange.github.io/docs/v5/error, read on 2026-07-24
 */
const BY_CODE: Readonly<Record<number, MarketDataFailure>> = {
  429: 'server', // high load
  10000: 'server', // timeout
  10006: 'rate limited',
  10009: 'geo-blocked', // "currently unavailable for your region"
  10016: 'server',
  10018: 'rate limited', // struck out in the documentation: exceeded the IP rate limit
};

/** Statuses that need no look at the body, but for 403. */
const BY_STATUS: Readonly<Record<number, MarketDataFailure>> = {
  403: 'banned',
  408: 'server',
  418: 'banned',
  429: 'rate limited', // "system level frequency protection"
  451: 'geo-blocked',
};

/**
 * The body of a 403 from the CDN where a country is blocked: `The Amazon CloudFront distribution is configured to block
 * access from your country`. Any other 403 may be the ban of an address (`access too frequent`), and is taken for it.
 *
 * @see https://github.com/NibiruChain/pricefeeder (sources/bybit.go)
 */
const COUNTRY_BLOCKED = /block access from your country/i;

/** "Terminate all HTTP sessions and wait for at least 10 minutes" (https://bybit-exchange.github.io/docs/v5/rate-limit). */
const BAN_MS = 600_000;

/**
 * The error that an answer stands for; undefined for a 200 whose `retCode` is 0 or absent.
 *
 * @param body - the parsed JSON; undefined where the answer was none
 */
export function failureOf(answer: HttpAnswer, body: unknown): MarketDataError | undefined {
  const { status, url } = answer;
  const venueCode = retCodeOf(body);
  const failure = status === 200 ? codeKind(venueCode) : statusKind(answer);
  if (failure === undefined) return undefined;
  const code = venueCode === undefined ? '' : `, retCode ${String(venueCode)}`;
  return new MarketDataError(failure, `HTTP ${String(status)}${code} from ${url}`, {
    status,
    venueCode,
    retryAfterMs: pauseOf(failure, answer),
  });
}

function codeKind(retCode = 0): MarketDataFailure | undefined {
  return retCode === 0 ? undefined : (BY_CODE[retCode] ?? 'refused');
}

function statusKind({ status, body }: HttpAnswer): MarketDataFailure {
  if (status === 403 && COUNTRY_BLOCKED.test(body)) return 'geo-blocked';
  if (status >= 500) return 'server';
  if (status < 400) return 'malformed'; // a redirect or an empty success: not from this interface
  return BY_STATUS[status] ?? 'refused';
}

function retCodeOf(body: unknown): number | undefined {
  const retCode = isWireObject(body) ? body['retCode'] : undefined;
  return Number.isSafeInteger(retCode) ? (retCode as number) : undefined;
}

/** What the headers say; a ban without a word lasts ten minutes. */
function pauseOf(failure: MarketDataFailure, { headers, at }: HttpAnswer): number | undefined {
  const told = retryAfterOf(headers, at);
  if (told !== undefined) return told;
  if (failure === 'banned') return BAN_MS;
  const reset = Number(headers['x-bapi-limit-reset-timestamp'] ?? NaN);
  return failure === 'rate limited' && isCount(reset) ? pauseUntil(reset, at) : undefined;
}
