import { MarketDataError, type MarketDataFailure } from '../ports/market-data.ts';
import type { HttpAnswer } from './http-get.ts';

/** Codes of trouble on the exchange's side, whatever status they come with (SPOT-ERR in FACTS 4.3). */
const SERVER_CODES: readonly number[] = [-1000, -1001, -1006, -1007, -1008];
const TOO_MANY_REQUESTS = -1003;

/** Statuses that need no look at the body. 451 with code 0 or an empty body is a geo-block too (FACTS 6). */
const BY_STATUS: Readonly<Record<number, MarketDataFailure>> = {
  403: 'banned', // the web application firewall; it can mean too many requests
  408: 'server',
  418: 'banned',
  429: 'rate limited',
  451: 'geo-blocked',
};

/** A longer pause than a ban can last (three days) is not to be believed. */
const LONGEST_PAUSE_MS = 4 * 24 * 3_600_000;

/** The error that an answer stands for; undefined for 200. */
export function failureOf(answer: HttpAnswer, url: string): MarketDataError | undefined {
  const { status } = answer;
  if (status === 200) return undefined;
  const venueCode = codeOf(answer.body);
  const failure = kindOf(status, venueCode);
  const code = venueCode === undefined ? '' : `, code ${String(venueCode)}`;
  return new MarketDataError(failure, `HTTP ${String(status)}${code} from ${url}`, {
    status,
    venueCode,
    retryAfterMs: retryAfterOf(answer),
    usedWeight: usedWeightOf(answer),
  });
}

/** Ours as it is; anything else by what had come when it was thrown: a whole 200 that ccxt dislikes is malformed. */
export function toMarketDataError(error: unknown, answer: HttpAnswer | undefined): MarketDataError {
  if (error instanceof MarketDataError) return error;
  const failure = answer !== undefined || isUnzipError(error) ? 'malformed' : 'network';
  const message = error instanceof Error ? error.message.slice(0, 300) : 'failed';
  const details = { status: answer?.status ?? 0, usedWeight: usedWeightOf(answer), cause: error };
  return new MarketDataError(failure, message, details);
}

/** Weight used in this minute as the exchange counts it; undefined where the header is absent or garbage. */
export function usedWeightOf(answer: HttpAnswer | undefined): number | undefined {
  const text = answer?.headers['x-mbx-used-weight-1m'];
  return typeof text === 'string' && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function kindOf(status: number, venueCode: number | undefined): MarketDataFailure {
  const known = BY_STATUS[status];
  if (known !== undefined) return known;
  if (status >= 500) return 'server';
  if (status < 400) return 'malformed'; // a redirect or an empty success: not from this interface
  if (venueCode === TOO_MANY_REQUESTS) return 'rate limited';
  return venueCode !== undefined && SERVER_CODES.includes(venueCode) ? 'server' : 'refused';
}

function isUnzipError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}

function codeOf(body: string): number | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    const code = typeof parsed === 'object' && parsed !== null && 'code' in parsed ? parsed.code : undefined;
    return typeof code === 'number' && Number.isSafeInteger(code) ? code : undefined;
  } catch {
    return undefined;
  }
}

/** Seconds, as the exchange sends them, or a date, as HTTP allows, measured by the answer's own clock. */
function retryAfterOf({ headers }: HttpAnswer): number | undefined {
  const text = headers['retry-after']?.trim() ?? '';
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.parse(headers.date ?? '');
  return ms >= 0 && ms <= LONGEST_PAUSE_MS ? ms : undefined;
}
