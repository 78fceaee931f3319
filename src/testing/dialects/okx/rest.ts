import type { RestRequest } from '../../faults/rest-faults.ts';
import type { CandlesAsked, RestAnswer, RestDialect, VenueView } from '../dialect.ts';
import { readQuery } from './candles-query.ts';
import { instrumentsOf } from './instruments.ts';
import { rowOf } from './row.ts';

const KINDS: Readonly<Record<string, RestRequest['kind']>> = {
  '/api/v5/market/candles': 'klines',
  '/api/v5/market/history-candles': 'klines',
  '/api/v5/public/time': 'time',
  '/api/v5/public/instruments': 'exchangeInfo',
};

/** Requests in two seconds, each path by itself (copies of 2026-07-20). */
const LIMITS: Readonly<Record<string, number>> = {
  '/api/v5/market/candles': 40,
  '/api/v5/market/history-candles': 20,
  '/api/v5/public/time': 10,
  '/api/v5/public/instruments': 20,
};

const CODES: Readonly<Record<number, readonly [code: string, msg: string]>> = {
  429: ['50011', 'Too Many Requests'],
  503: ['50001', 'Service temporarily unavailable. Please try again later.'],
};

/** Errors stand within an HTTP 200; too many requests are a 429, and there are no bans. */
export const okxRest: RestDialect = {
  kindOf: (path) => (path.startsWith('/api/v5/') ? (KINDS[path] ?? 'other') : undefined),
  budget: 'okx',
  limits: () => Object.entries(LIMITS).map(([name, limit]) => ({ name, limit, windowMs: 2000, window: 'sliding' })),
  costOf: ({ path }) => ({ [path]: 1 }),
  ban: { afterRefusals: Infinity, ms: 0 },
  overLimit: () => ({ status: 429, body: refused('50011', 'Too Many Requests') }),
  headersOf: () => ({}),
  answer,
  failureBody: (status) => refused(...(CODES[status] ?? (['50026', 'System error. Try again later'] as const))),
  bannedInWords: () => ({ status: 429, body: refused('50011', 'Too Many Requests') }),
  withRows: (body, change) => {
    const { data } = JSON.parse(body) as { readonly data?: unknown };
    const isRows = Array.isArray(data) && data.every((row) => Array.isArray(row));
    return isRows ? JSON.stringify({ code: '0', msg: '', data: change(data as unknown[][]) }) : '{}';
  },
};

function answer(asked: RestRequest, venue: VenueView): RestAnswer | CandlesAsked {
  switch (asked.kind) {
    case 'time':
      return ok([{ ts: String(venue.now) }]);
    case 'exchangeInfo':
      return ok(instrumentsOf(asked.query.get('instType') ?? '', venue));
    case 'klines': {
      const query = readQuery(asked, venue);
      if ('code' in query) return { status: 200, body: refused(query.code, query.msg) };
      const { symbol } = query.symbol;
      return { query, write: (rows) => ok(rows.map(({ kline, final }) => rowOf(kline, symbol, final)).toReversed()) };
    }
    default:
      return { status: 404, body: refused('404', 'Invalid request path') };
  }
}

function ok(data: unknown): RestAnswer {
  return { status: 200, body: JSON.stringify({ code: '0', msg: '', data }) };
}

function refused(code: string, msg: string): string {
  return JSON.stringify({ code, msg, data: [] });
}
