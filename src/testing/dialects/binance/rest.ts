import type { FakeExchangeOptions } from '../../options.ts';
import type { RestRequest } from '../../faults/rest-faults.ts';
import type { CandlesAsked, OverLimit, RestAnswer, RestDialect, VenueView } from '../dialect.ts';
import { readQuery } from './klines-query.ts';
import { wordsOf } from './refusal-words.ts';
import type { BinanceRules } from './rules.ts';
import { infoOf } from './symbol-info.ts';
import { rowOf } from './wire.ts';

/** What the exchange writes with each status (docs/protocol.md, REST). */
const BODIES: Readonly<Record<number, string>> = {
  403: '<html><head><title>403 Forbidden</title></head><body>Request blocked.</body></html>',
  418: '{"code":-1003,"msg":"Way too many requests; IP(127.0.0.1) banned. Please use the websocket for live updates to avoid bans."}',
  429: '{"code":-1003,"msg":"Too many requests; current limit is 2400 request weight per 1 MINUTE."}',
  451: `{"code":0,"msg":"Service unavailable from a restricted location according to 'b. Eligibility' in the terms of use."}`,
  503: '{"code":-1008,"msg":"Server is currently overloaded with other requests. Please try again in a few minutes."}',
};
const UNKNOWN_FAILURE = '{"code":-1000,"msg":"An unknown error occured while processing the request."}';

/** REST of one Binance market: klines, time, exchangeInfo and ping; request weight per minute of its clock. */
export function binanceRest(rules: BinanceRules): RestDialect {
  return {
    kindOf: (path) => (path.startsWith(`${rules.restBase}/`) ? kindOf(path) : undefined),
    budget: `binance-${rules.budget}`,
    limits: ({ weightLimit = rules.weightPerMinute }) => [
      { name: 'weight', limit: weightLimit, windowMs: 60_000, window: 'fixed' },
    ],
    costOf: (asked, { restWeights }) => ({ weight: weightOf(rules, asked, restWeights) }),
    ban: { afterRefusals: 5, ms: 120_000 },
    overLimit,
    headersOf: ({ weight = 0 }) => ({ 'X-MBX-USED-WEIGHT-1M': String(weight) }),
    answer: (asked, venue) => answer(asked, venue, rules),
    failureBody: (status) => BODIES[status] ?? UNKNOWN_FAILURE,
    bannedInWords: (until) => refused(418, -1003, wordsOf({ limit: 0, bannedUntil: until }, true)),
    withRows: (body, change) => {
      const rows: unknown = JSON.parse(body);
      return Array.isArray(rows) ? JSON.stringify(change(rows as unknown[][])) : '{}';
    },
  };
}

function answer(asked: RestRequest, venue: VenueView, rules: BinanceRules): RestAnswer | CandlesAsked {
  switch (asked.kind) {
    case 'ping':
      return ok({});
    case 'time':
      return ok({ serverTime: venue.now });
    case 'exchangeInfo':
      return exchangeInfo(asked, venue, rules);
    case 'klines': {
      const query = readQuery(asked.query, venue, rules);
      if ('code' in query) return refused(query.status, query.code, query.msg);
      return { query, write: (rows) => ok(rows.map(({ kline }) => rowOf(kline))) };
    }
    default:
      return refused(404, -5000, 'Path does not exist.');
  }
}

function exchangeInfo({ query }: RestRequest, { symbols, now, options }: VenueView, rules: BinanceRules): RestAnswer {
  const wanted = wantedSymbols(query);
  const listed =
    rules.budget === 'spot' && wanted !== undefined ? wanted.map((name) => symbols.get(name)) : [...symbols.values()];
  if (listed.includes(undefined)) return refused(400, -1121, 'Invalid symbol.');
  const limit = options.weightLimit ?? rules.weightPerMinute;
  return ok({
    timezone: 'UTC',
    serverTime: now,
    rateLimits: [{ rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit }],
    exchangeFilters: [],
    symbols: listed.flatMap((symbol) => (symbol === undefined ? [] : [infoOf(symbol)])),
  });
}

/** 429, and 418 for who goes on. */
function overLimit(
  { limit: { limit }, retryAfterMs, bannedUntil }: OverLimit,
  options: FakeExchangeOptions,
): RestAnswer {
  const isInWords = bannedUntil !== undefined && options.banTold === 'words';
  const headers = isInWords ? {} : { 'Retry-After': String(Math.ceil(retryAfterMs / 1000)) };
  const status = bannedUntil === undefined ? 429 : 418;
  return { ...refused(status, -1003, wordsOf({ limit, bannedUntil }, isInWords)), headers };
}

const ok = (value: unknown): RestAnswer => ({ status: 200, body: JSON.stringify(value) });

function refused(status: number, code: number, msg: string): RestAnswer {
  return { status, body: JSON.stringify({ code, msg }) };
}

function kindOf(path: string): RestRequest['kind'] {
  const last = path.split('/').at(-1);
  return last === 'klines' || last === 'time' || last === 'exchangeInfo' || last === 'ping' ? last : 'other';
}

function weightOf(
  rules: BinanceRules,
  { kind, query }: RestRequest,
  own: FakeExchangeOptions['restWeights'] = {},
): number {
  if (kind === 'exchangeInfo') return own.exchangeInfo ?? rules.symbolsWeight;
  if (kind !== 'klines') return own.time ?? 1;
  const limit = query.get('limit');
  // Without a limit a request costs as much as one for more than 500 rows (docs/protocol.md, REST).
  return own.klines ?? rules.klinesWeight(limit === undefined ? 1000 : Number(limit));
}

function wantedSymbols(query: ReadonlyMap<string, string>): string[] | undefined {
  const [one, many] = [query.get('symbol'), query.get('symbols')];
  if (one !== undefined) return [one];
  if (many === undefined) return undefined;
  try {
    const names: unknown = JSON.parse(many);
    return Array.isArray(names) ? names.map(String) : [many];
  } catch {
    return [many];
  }
}
