import { SHORTEST_LENGTH_MS } from '../../../core/interval.ts';
import type { RestRequest } from '../../faults/rest-faults.ts';
import type { SymbolState } from '../../market/symbols.ts';
import type { CandlesAsked, CandlesQuery, RestAnswer, RestDialect, ToldRow, VenueView } from '../dialect.ts';
import { GATE_RULES } from './rules.ts';

const KINDS: Readonly<Record<string, RestRequest['kind']>> = {
  '/api/v4/spot/candlesticks': 'klines',
  '/api/v4/spot/time': 'time',
  '/api/v4/spot/currency_pairs': 'exchangeInfo',
};
/** Lists beside that of the pairs, which clients of all of Gate read too: nothing is in them. */
const OTHER_LISTS =
  /^\/api\/v4\/(spot\/currencies|margin\/currency_pairs|(futures|delivery)\/\w+\/contracts|options\/underlyings)$/;
const DEFAULT_ROWS = 100;
const MOST_ROWS = 1000;
/** "Candlestick too long ago. Maximum 10000 points recently are allowed." */
const KEPT_ROWS = 10_000;

/**
 * Gate's REST interface: errors by status with a label; 200 requests in ten seconds for each path.
 *
 * @see https://www.gate.com/docs/developers/apiv4/en/#market-k-line-chart and #frequency-limit-rule, copies of 2026-06-28; words of
 *   refusals as quoted in https://github.com/ccxt/ccxt/issues/17464 and https://github.com/enarjord/passivbot/issues/563
 */
export const gateRest: RestDialect = {
  kindOf: (path) => (path.startsWith('/api/v4/') ? (KINDS[path] ?? 'other') : undefined),
  budget: 'gate',
  limits: () => Object.keys(KINDS).map((name) => ({ name, limit: 200, windowMs: 10_000, window: 'sliding' })),
  costOf: ({ path }) => ({ [path]: 1 }),
  ban: { afterRefusals: Infinity, ms: 0 },
  overLimit: () => refused('TOO_MANY_REQUESTS', 'Request Rate limit Exceeded', 429),
  headersOf: () => ({}),
  answer,
  failureBody: (status) => refused(status === 429 ? 'TOO_MANY_REQUESTS' : 'SERVER_ERROR', 'Internal Server Error').body,
  bannedInWords: () => refused('TOO_MANY_REQUESTS', 'Request Rate limit Exceeded', 429),
  withRows: (body, change) => {
    const rows = JSON.parse(body) as unknown;
    const isRows = Array.isArray(rows) && rows.every((row) => Array.isArray(row));
    return isRows ? JSON.stringify(change(rows as unknown[][])) : '{}';
  },
};

function answer(asked: RestRequest, venue: VenueView): RestAnswer | CandlesAsked {
  switch (asked.kind) {
    case 'time':
      return ok({ server_time: Math.floor(venue.now) });
    case 'exchangeInfo':
      return ok([...venue.symbols.values()].map(pairOf));
    case 'klines': {
      const query = queryOf(asked.query, venue);
      return 'status' in query ? query : { query, write: (rows) => ok(rows.map(rowOf)) };
    }
    default:
      return OTHER_LISTS.test(asked.path) ? ok([]) : refused('NOT_FOUND', 'Not found', 404);
  }
}

type Query = ReadonlyMap<string, string>;

function queryOf(query: Query, { symbols, now }: VenueView): CandlesQuery | RestAnswer {
  const pair = query.get('currency_pair') ?? '';
  const symbol = symbols.get(pair);
  const interval = GATE_RULES.intervals.find((one) => one === query.get('interval'));
  if (symbol === undefined) return refused('INVALID_CURRENCY_PAIR', `Invalid currency pair ${pair}`);
  if (interval === undefined) return invalid('Invalid interval');
  const lengthMs = SHORTEST_LENGTH_MS[interval];
  const span = query.has('from') || query.has('to') ? spanIn(query, now, lengthMs) : newestIn(query, now);
  const words = refusalOf(query, span, { now, lengthMs });
  return words === undefined ? { symbol, interval, keeps: 'newest', ...span } : invalid(words);
}

type AskedSpan = Pick<CandlesQuery, 'from' | 'to' | 'limit'>;

/** Both ends are inclusive, in seconds. */
function spanIn(query: Query, now: number, lengthMs: number): AskedSpan {
  const to = Number(query.get('to') ?? now / 1000) * 1000;
  const from = query.get('from');
  return { from: from === undefined ? to - DEFAULT_ROWS * lengthMs : Number(from) * 1000, to, limit: MOST_ROWS };
}

function newestIn(query: Query, now: number): AskedSpan {
  return { from: undefined, to: now, limit: Number(query.get('limit') ?? DEFAULT_ROWS) };
}

function refusalOf(
  query: Query,
  span: AskedSpan,
  { now, lengthMs }: { readonly now: number; readonly lengthMs: number },
): string | undefined {
  const { from = Infinity, to = 0, limit } = span;
  const refusals: readonly (readonly [isRefused: boolean, words: string])[] = [
    [from !== Infinity && query.has('limit'), 'limit conflicts with from and to'],
    [!(limit >= 1 && limit <= MOST_ROWS), 'Invalid request parameter `limit`'],
    [from < now - KEPT_ROWS * lengthMs, 'Candlestick too long ago. Maximum 10000 points recently are allowed'],
    [
      (to - from) / lengthMs >= MOST_ROWS,
      'Candlestick range too broad. Maximum 1000 data points are allowed per request',
    ],
  ];
  return refusals.find(([isRefused]) => isRefused)?.[1];
}

/** Seconds, quote volume, close, high, low, open, base volume, whether it is complete. */
function rowOf({ kline: k, final }: ToldRow): readonly string[] {
  return [String(k.openTime / 1000), k.quoteVolume, k.close, k.high, k.low, k.open, k.volume, String(final)];
}

function pairOf({ symbol, status, scale, listed }: SymbolState): object {
  const [base = '', quote = ''] = symbol.split('_');
  const start = Math.floor(listed / 1000);
  return {
    ...{ id: symbol, base, quote, fee: '0.2', min_quote_amount: '3', trade_status: status },
    ...{ amount_precision: scale.lotDecimals, precision: scale.priceDecimals },
    ...{ sell_start: start, buy_start: start, delisting_time: 0, type: 'normal' },
  };
}

function ok(value: unknown): RestAnswer {
  return { status: 200, body: JSON.stringify(value) };
}

function invalid(message: string): RestAnswer {
  return refused('INVALID_PARAM_VALUE', message);
}

function refused(label: string, message: string, status = 400): RestAnswer {
  return { status, body: JSON.stringify({ label, message }) };
}
