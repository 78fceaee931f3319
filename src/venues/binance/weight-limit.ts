import type { RateLimit } from '../../ports/connector.ts';
import { isCount, isWireObject } from '../values.ts';

/** Binance's limit of request weight, counted by the minute of its clock (docs/protocol.md, REST). */
export function weightPerMinute(limit: number): RateLimit {
  return { name: 'weight', limit, windowMs: 60_000, window: 'fixed' };
}

/**
 * The host's own limit, as `exchangeInfo` says it:
 * `"rateLimits":[{"rateLimitType":"REQUEST_WEIGHT","interval":"MINUTE","intervalNum":1,"limit":1200}, …]`.
 * Other limits than that of the minute, which the header counts, are left alone.
 *
 * @see https://github.com/binance-us/binance-us-api-docs (rest-api.md); https://github.com/binance/binance-spot-api-docs (rest-api.md)
 */
export function weightLimitsOf(body: unknown): readonly RateLimit[] {
  const lines = isWireObject(body) ? body['rateLimits'] : undefined;
  if (!Array.isArray(lines)) return [];
  return (lines as readonly unknown[]).flatMap((line) => {
    if (!isWireObject(line) || line['rateLimitType'] !== 'REQUEST_WEIGHT') return [];
    const { interval, intervalNum, limit } = line;
    const isUsable = interval === 'MINUTE' && intervalNum === 1 && isCount(limit) && limit > 0;
    return isUsable ? [weightPerMinute(limit)] : [];
  });
}
