import { pauseUntil, retryAfterOf } from '../../core/retry-after.ts';
import type { RateLimit } from '../../ports/connector.ts';
import type { HttpAnswer } from '../../ports/http-client.ts';
import { MarketDataError, type MarketDataFailure, type Usage } from '../../ports/market-data.ts';
import { isWireObject } from '../values.ts';
import { weightPerMinute } from './weight-limit.ts';

/** Codes of trouble on the exchange's side, whatever status they come with (`errors.md` of github.com/binance/binance-spot-api-docs). */
const SERVER_CODES: readonly number[] = [-1000, -1001, -1006, -1007, -1008];
const TOO_MANY_REQUESTS = -1003;

/** Statuses that need no look at the body. 451 with code 0 or an empty body is a geo-block too (docs/protocol.md, REST). */
const BY_STATUS: Readonly<Record<number, MarketDataFailure>> = {
  403: 'banned', // the web application firewall; it can mean too many requests
  408: 'server',
  418: 'banned',
  429: 'rate limited',
  451: 'geo-blocked',
};

/** The shortest ban. To ask during a ban makes it longer. */
const SHORTEST_BAN_MS = 120_000;

/**
 * What refusals say in words, at times without a `Retry-After`:
 * `Way too much request weight used; IP banned until 1660090423228. …` and
 * `Too much request weight used; current limit is 1200 request weight per 1 MINUTE. …`
 *
 * @see https://github.com/ccxt/ccxt/issues/14639 and https://github.com/ccxt/php-binance-api/issues/260
 */
const BANNED_UNTIL = /banned until (\d{13})\b/;
const CURRENT_LIMIT = /current limit is (\d{1,9}) request weight per 1 MINUTE/;

/**
 * The error that an answer stands for; undefined for 200.
 *
 * @param body - the parsed JSON; undefined where the answer was none
 */
export function failureOf(answer: HttpAnswer, body: unknown): MarketDataError | undefined {
  const { status, url } = answer;
  if (status === 200) return undefined;
  const { venueCode, words } = refusalOf(body);
  const failure = kindOf(status, venueCode);
  const code = venueCode === undefined ? '' : `, code ${String(venueCode)}`;
  return new MarketDataError(failure, `HTTP ${String(status)}${code} from ${url}`, {
    status,
    venueCode,
    retryAfterMs: pauseOf(answer, words),
    usage: usageOf(answer),
    limits: limitsIn(words),
  });
}

/** Weight used in this minute as the exchange counts it, where the header is there and no garbage. */
export function usageOf({ headers }: HttpAnswer): Usage {
  const text = headers['x-mbx-used-weight-1m'];
  return typeof text === 'string' && /^\d{1,9}$/.test(text) ? { weight: Number(text) } : {};
}

function kindOf(status: number, venueCode: number | undefined): MarketDataFailure {
  const known = BY_STATUS[status];
  if (known !== undefined) return known;
  if (status >= 500) return 'server';
  if (status < 400) return 'malformed'; // a redirect or an empty success: not from this interface
  if (venueCode === TOO_MANY_REQUESTS) return 'rate limited';
  return venueCode !== undefined && SERVER_CODES.includes(venueCode) ? 'server' : 'refused';
}

function refusalOf(body: unknown): { readonly venueCode: number | undefined; readonly words: string } {
  if (!isWireObject(body)) return { venueCode: undefined, words: '' };
  const { code, msg } = body;
  const venueCode = typeof code === 'number' && Number.isSafeInteger(code) ? code : undefined;
  return { venueCode, words: typeof msg === 'string' ? msg : '' };
}

/** The later of what the header and the words say. */
function pauseOf({ status, headers, at }: HttpAnswer, words: string): number | undefined {
  const until = BANNED_UNTIL.exec(words)?.[1];
  const told = [retryAfterOf(headers, at), until === undefined ? undefined : pauseUntil(Number(until), at)];
  const known = told.filter((ms) => ms !== undefined);
  if (known.length > 0) return Math.max(...known);
  return status === 418 ? SHORTEST_BAN_MS : undefined;
}

function limitsIn(words: string): readonly RateLimit[] {
  const limit = Number(CURRENT_LIMIT.exec(words)?.[1] ?? 0);
  return limit > 0 ? [weightPerMinute(limit)] : [];
}
