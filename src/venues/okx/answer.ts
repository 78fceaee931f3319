import { retryAfterOf } from '../../core/retry-after.ts';
import type { HttpAnswer } from '../../ports/http-client.ts';
import { MarketDataError, type MarketDataFailure } from '../../ports/market-data.ts';
import { isWireObject, numberOf } from '../values.ts';

/** Statuses that need no look at the body. */
const BY_STATUS: Readonly<Record<number, MarketDataFailure>> = {
  403: 'banned',
  408: 'server',
  418: 'banned',
  429: 'rate limited',
  451: 'geo-blocked',
};

/**
 * Codes that ask for patience, whatever status they come with: 50001 service unavailable, 50004 timeout, 50013 busy, 50026
 * system error; 50011 and 50040 too many requests. Any other is a refusal: 51001, for one, is an unknown instrument.
 *
 * @see https://www.okx.com/docs-v5/en/#error-code-rest-api, copy of 2026-07-20
 */
const BY_CODE: Readonly<Record<number, MarketDataFailure>> = {
  50001: 'server',
  50004: 'server',
  50013: 'server',
  50026: 'server',
  50011: 'rate limited',
  50040: 'rate limited',
};

/** Requests are counted over two seconds, and no header says when the next is allowed. */
const WINDOW_MS = 2000;

/** What stands in `{"code":"0","msg":"","data":…}`; undefined in anything else. */
export function dataOf(body: unknown): unknown {
  return isWireObject(body) ? body['data'] : undefined;
}

/** The error that an answer stands for: by its status, or by the code within an HTTP 200. */
export function failureOf(answer: HttpAnswer, body: unknown): MarketDataError | undefined {
  const { status, url, headers, at } = answer;
  const venueCode = codeOf(body);
  if (status === 200 && (venueCode === undefined || venueCode === 0)) return undefined;
  const failure = kindOf(status, venueCode);
  const code = venueCode === undefined ? '' : `, code ${String(venueCode)}`;
  const retryAfterMs = retryAfterOf(headers, at) ?? (failure === 'rate limited' ? WINDOW_MS : undefined);
  return new MarketDataError(failure, `HTTP ${String(status)}${code} from ${url}`, { status, venueCode, retryAfterMs });
}

function kindOf(status: number, venueCode = 0): MarketDataFailure {
  const known = BY_STATUS[status] ?? BY_CODE[venueCode];
  if (known !== undefined) return known;
  if (status >= 500) return 'server';
  return status >= 400 || status === 200 ? 'refused' : 'malformed'; // a redirect: not from this interface
}

function codeOf(body: unknown): number | undefined {
  const code = isWireObject(body) ? numberOf(body['code']) : NaN;
  return Number.isSafeInteger(code) ? code : undefined;
}
