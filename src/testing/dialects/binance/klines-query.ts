import { isInterval } from '../../../core/interval.ts';
import type { CandlesQuery, VenueView } from '../dialect.ts';
import type { BinanceRules } from './rules.ts';

/** The exchange's own error: status and body. */
export interface Refusal {
  readonly status: number;
  readonly code: number;
  readonly msg: string;
}

interface Range {
  readonly startTime: number | undefined;
  readonly endTime: number | undefined;
  readonly limit: number;
}

/** Rows of an answer to a request without `limit`. */
const DEFAULT_ROWS = 500;

const refusal = (code: number, msg: string): Refusal => ({ status: 400, code, msg });

/** Reads the query as the exchange does, with its own error messages. */
export function readQuery(
  query: ReadonlyMap<string, string>,
  { symbols }: VenueView,
  rules: BinanceRules,
): CandlesQuery | Refusal {
  const [name, interval] = [query.get('symbol'), query.get('interval')];
  if (name === undefined || interval === undefined)
    return refusal(-1102, 'A mandatory parameter was not sent, was empty/null, or malformed.');
  const symbol = symbols.get(name.replace(/[a-z]+/g, (letters) => letters.toUpperCase()));
  if (symbol === undefined) return refusal(-1121, 'Invalid symbol.');
  if (!isInterval(interval) || !rules.intervals.includes(interval)) return refusal(-1120, 'Invalid interval.');
  const range = rangeOf(query);
  return complaintAbout(range, rules) ?? { symbol, interval, ...spanOf(range, rules), limit: range.limit };
}

/** COIN-M: a start alone means the 200 days after it, and the newest rows of them. */
function spanOf({ startTime, endTime }: Range, rules: BinanceRules): Pick<CandlesQuery, 'from' | 'to' | 'keeps'> {
  const to = endTime ?? (startTime === undefined ? undefined : startTime + rules.maxSpanMs);
  return { from: startTime, to, keeps: startTime === undefined ? 'newest' : rules.pagesFrom };
}

function rangeOf(query: ReadonlyMap<string, string>): Range {
  const [startTime, endTime] = [query.get('startTime'), query.get('endTime')].map(wholeNumber);
  return { startTime, endTime, limit: wholeNumber(query.get('limit')) ?? DEFAULT_ROWS };
}

function complaintAbout(
  { startTime = 0, endTime = startTime, limit }: Range,
  rules: BinanceRules,
): Refusal | undefined {
  if ([startTime, endTime, limit].includes(NaN)) {
    return refusal(-1100, "Illegal characters found in a parameter; legal range is '^[0-9]{1,20}$'.");
  }
  if (limit < 1 || limit > rules.maxRows) return refusal(-1130, "Data sent for parameter 'limit' is not valid.");
  if (endTime - startTime <= rules.maxSpanMs) return undefined;
  return refusal(-1130, "Data sent for parameter 'startTime' is not valid: the range is longer than 200 days.");
}

function wholeNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return /^\d{1,20}$/.test(text) ? Number(text) : NaN;
}
