import { retryAfterOf } from '../../core/retry-after.ts';
import type { HttpAnswer } from '../../ports/http-client.ts';
import { MarketDataError, type MarketDataFailure } from '../../ports/market-data.ts';
import { isText, isWireObject } from '../values.ts';

/** Statuses with a meaning of their own; any other 4xx refuses the request. */
const BY_STATUS: Readonly<Record<number, MarketDataFailure>> = {
  403: 'banned',
  408: 'server',
  418: 'banned',
  429: 'rate limited',
  451: 'geo-blocked',
};

/** The window of the rate limit, ms. The header with the time of its reset is not used: it may name the current moment. */
const WINDOW_MS = 10_000;

/**
 * The error for an answer, by its status. The body has a label: `{"label":"INVALID_CURRENCY_PAIR","message":"…"}`.
 *
 * @see https://www.gate.com/docs/developers/apiv4/en/#error-handling, copy of 2026-06-28
 */
export function failureOf({ status, url, headers, at }: HttpAnswer, body: unknown): MarketDataError | undefined {
  if (status === 200) return undefined;
  const failure = kindOf(status);
  const label = isWireObject(body) && isText(body['label']) ? `, ${body['label']}` : '';
  const retryAfterMs = retryAfterOf(headers, at) ?? (failure === 'rate limited' ? WINDOW_MS : undefined);
  return new MarketDataError(failure, `HTTP ${String(status)}${label} from ${url}`, { status, retryAfterMs });
}

function kindOf(status: number): MarketDataFailure {
  const known = BY_STATUS[status];
  if (known !== undefined) return known;
  if (status >= 500) return 'server';
  return status >= 400 ? 'refused' : 'malformed'; // a redirect or an empty success, neither of which this interface sends
}
