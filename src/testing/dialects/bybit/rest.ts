import { intervalOf } from '../../../venues/bybit/interval-code.ts';
import type { RestRequest } from '../../faults/rest-faults.ts';
import type { CandlesAsked, CandlesQuery, RestAnswer, RestDialect, VenueView } from '../dialect.ts';
import { instrumentOf } from './instruments.ts';
import type { BybitRules } from './rules.ts';
import { rowOf } from './wire.ts';

const KINDS: Readonly<Record<string, RestRequest['kind']>> = {
  '/v5/market/time': 'time',
  '/v5/market/kline': 'klines',
  '/v5/market/instruments-info': 'exchangeInfo',
};

/** "403, access too frequent" is what the documentation quotes; in what form it comes no one has shown. */
const TOO_FREQUENT: RestAnswer = { status: 403, body: '403, access too frequent' };

const NO_OPTIONS = { category: 'option', list: [], nextPageCursor: '' };
const DEFAULT_ROWS = 200;
const MOST_ROWS = 1000;
const DEFAULT_LINES = 500;

type Query = ReadonlyMap<string, string>;

/**
 * REST of one Bybit market: all of them have the same paths and one budget of 600 requests in five seconds.
 *
 * @see https://bybit-exchange.github.io/docs/v5/market/kline, /v5/market/instrument, /v5/market/time, /v5/rate-limit and
 *   /v5/error, read on 2026-07-24
 */
export function bybitRest(rules: BybitRules): RestDialect {
  return {
    kindOf: (path, query) => kindOf(path, query, rules),
    budget: 'bybit',
    limits: ({ weightLimit = 600 }) => [{ name: 'requests', limit: weightLimit, windowMs: 5000, window: 'sliding' }],
    costOf: () => ({ requests: 1 }),
    ban: { afterRefusals: 0, ms: 600_000 },
    overLimit: () => TOO_FREQUENT,
    headersOf: () => ({}),
    answer: (asked, venue) => answer(asked, venue, rules),
    failureBody: (status) =>
      status === 403 ? TOO_FREQUENT.body : bodyOf({ retCode: 10016, retMsg: 'Server error', result: {} }, 0),
    bannedInWords: () => TOO_FREQUENT,
    withRows: (body, change) => {
      const { result, ...envelope } = JSON.parse(body) as { result: { list?: unknown[][] } };
      // A list of symbols has no rows.
      if (result.list?.every(Array.isArray) !== true) return '{}';
      return JSON.stringify({ ...envelope, result: { ...result, list: change(result.list) } });
    },
  };
}

/** The clock has no category: whoever is asked first answers, as for options, of which there are none. */
function kindOf(path: string, query: Query, { category }: BybitRules): RestRequest['kind'] | undefined {
  if (!path.startsWith('/v5/')) return undefined;
  const kind = KINDS[path] ?? 'other';
  const asked = query.get('category') ?? 'linear';
  const isMine = kind === 'time' || kind === 'other' || asked === category || asked === 'option';
  return isMine ? kind : undefined;
}

function answer(asked: RestRequest, venue: VenueView, rules: BybitRules): RestAnswer | CandlesAsked {
  const { now } = venue;
  switch (asked.kind) {
    case 'time':
      return good({ timeSecond: String(Math.floor(now / 1000)), timeNano: `${String(Math.floor(now))}000000` }, now);
    case 'exchangeInfo':
      return good(asked.query.get('category') === 'option' ? NO_OPTIONS : instruments(asked.query, venue, rules), now);
    case 'klines':
      return klines(asked.query, venue, rules);
    default:
      return refused(10017, 'Route not found.', now);
  }
}

/** Futures are listed by status, by default those that trade, in pages; spot lists what trades, all at once. */
function instruments(query: Query, { symbols }: VenueView, rules: BybitRules): unknown {
  const { category } = rules;
  const status = category === 'spot' ? 'Trading' : (query.get('status') ?? 'Trading');
  const listed = [...symbols.values()].filter((symbol) => symbol.status === status);
  const lines = listed.map((symbol) => instrumentOf(symbol, rules));
  if (category === 'spot') return { category, list: lines };
  const first = Number(query.get('cursor')?.split(',')[1] ?? 0);
  const end = first + Number(query.get('limit') ?? DEFAULT_LINES);
  return { category, list: lines.slice(first, end), nextPageCursor: end < lines.length ? `0%2C${String(end)}` : '' };
}

function klines(query: Query, { symbols, now }: VenueView, rules: BybitRules): RestAnswer | CandlesAsked {
  const symbol = symbols.get(query.get('symbol') ?? '');
  const interval = intervalOf(query.get('interval'));
  const limit = Number(query.get('limit') ?? DEFAULT_ROWS);
  if (symbol === undefined) return refused(10001, 'params error: Symbol Invalid', now);
  if (interval === undefined || !(limit >= 1 && limit <= MOST_ROWS)) return refused(10001, 'Invalid parameter', now);
  const wanted: CandlesQuery = { symbol, interval, from: timeIn(query, 'start'), to: timeIn(query, 'end'), limit, keeps: 'newest' }; // prettier-ignore
  const { category } = rules;
  return {
    query: wanted,
    write: (rows) => {
      const list = rows.map(({ kline }) => rowOf(kline)).toReversed();
      return good({ symbol: symbol.symbol, category, list }, now);
    },
  };
}

function timeIn(query: Query, name: string): number | undefined {
  const text = query.get(name);
  return text === undefined ? undefined : Number(text);
}

function good(result: unknown, now: number): RestAnswer {
  return { status: 200, body: bodyOf({ retCode: 0, retMsg: 'OK', result }, now) };
}

/** Errors come in a 200. */
function refused(retCode: number, retMsg: string, now: number): RestAnswer {
  return { status: 200, body: bodyOf({ retCode, retMsg, result: {} }, now) };
}

interface Said {
  readonly retCode: number;
  readonly retMsg: string;
  readonly result: unknown;
}

function bodyOf(said: Said, now: number): string {
  return JSON.stringify({ ...said, retExtInfo: {}, time: Math.floor(now) });
}
