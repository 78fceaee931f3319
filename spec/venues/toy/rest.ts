import type { EpochMs } from '../../../src/core/candle.ts';
import type { RejectedRow } from '../../../src/core/evidence.ts';
import { retryAfterOf } from '../../../src/core/retry-after.ts';
import type { Parsed, RestProtocol, RestRequest, Row, Rows, SymbolPage } from '../../../src/ports/connector.ts';
import type { HttpAnswer } from '../../../src/ports/http-client.ts';
import { MarketDataError, type KlinesRequest, type MarketDataFailure } from '../../../src/ports/market-data.ts';
import type { SymbolInfo } from '../../../src/ports/symbol-info.ts';
import { toyCandle } from './row.ts';

type Envelope = Readonly<Record<string, unknown>>;

/** `{"ok":true,"data":…}`, rows newest first, and errors in an HTTP 200: `{"ok":false,"code":"limit","waitMs":1500}`. */
export const toyRest: RestProtocol = {
  time: (): RestRequest<EpochMs> => ({ ...get('/v1/time'), parse: (body) => timeOf(dataOf(body)) }),
  symbols: (cursor = '1') => ({ ...get('/v1/markets', { page: cursor }), parse: marketsOf }),
  candles: (request) => ({ ...get('/v1/candles', queryOf(request)), parse: (body) => rowsOf(dataOf(body), request) }),
  failureOf,
  usageOf: () => ({}),
  paging: { maxRows: 100, pageRows: 100, pagesFrom: 'newest', maxSpanMs: Infinity },
  limits: [{ name: 'calls', limit: 40, windowMs: 2000, window: 'sliding' }],
  budget: 'toy',
};

function get(path: string, query: RestRequest<unknown>['query'] = {}) {
  return { method: 'GET', path, query, cost: { calls: 1 } } as const;
}

/** Both ends are exclusive here. */
function queryOf({ symbol, interval, limit, from, before }: KlinesRequest): RestRequest<unknown>['query'] {
  return {
    market: symbol,
    interval,
    limit,
    ...(from !== undefined && { after: from - 1 }),
    ...(before !== undefined && { before }),
  };
}

function rowsOf(data: unknown, request: KlinesRequest): Parsed<Rows> {
  if (!Array.isArray(data)) return bad('candles: not a list');
  const rows: Row[] = [];
  const rejected: RejectedRow[] = [];
  for (const row of (data as readonly unknown[]).toReversed()) {
    const read = toyCandle(row, { ...request, source: 'backfill' });
    if (typeof read !== 'string') rows.push(read);
    else if (Array.isArray(row) && typeof row[0] === 'number') rejected.push({ timestamp: row[0], row, reason: read });
    else return bad(`candles: ${read}`);
  }
  const rises = rows.every(({ candle }, index) => candle.timestamp > (rows[index - 1]?.candle.timestamp ?? -1));
  return rises ? { ok: true, value: { rows, rejected } } : bad('candles: not newest first');
}

function marketsOf(body: unknown): Parsed<SymbolPage> {
  const data = dataOf(body);
  if (!Array.isArray(data)) return bad('markets: not a list');
  const next = (body as Envelope)['next'];
  const symbols = (data as readonly unknown[]).flatMap((line) => symbolOf(line));
  return { ok: true, value: { symbols, ...(typeof next === 'string' && { next }) } };
}

function symbolOf(line: unknown): SymbolInfo[] {
  if (!Array.isArray(line)) return [];
  const [symbol, status] = line as readonly unknown[];
  if (typeof symbol !== 'string' || typeof status !== 'string') return [];
  const [base = null, quote = null] = symbol.split('-');
  const told = { symbol, status, phase: status === 'live' ? 'trading' : 'paused', base, quote } as const;
  return [{ ...told, listingTime: null, deliveryTime: null, priceStep: null, quantityStep: null }];
}

const BY_STATUS: Readonly<Record<number, MarketDataFailure>> = {
  403: 'banned',
  418: 'banned',
  429: 'rate limited',
  451: 'geo-blocked',
};

function failureOf({ status, headers, at }: HttpAnswer, body: unknown): MarketDataError | undefined {
  if (status !== 200) {
    const failure = BY_STATUS[status] ?? (status >= 500 ? 'server' : 'refused');
    return new MarketDataError(failure, `HTTP ${String(status)}`, { status, retryAfterMs: retryAfterOf(headers, at) });
  }
  const { ok, code, waitMs } = isEnvelope(body) ? body : {};
  if (ok !== false) return undefined;
  const retryAfterMs = typeof waitMs === 'number' ? waitMs : undefined;
  return new MarketDataError(code === 'limit' ? 'rate limited' : 'refused', String(code), { status, retryAfterMs });
}

function isEnvelope(body: unknown): body is Envelope {
  return typeof body === 'object' && body !== null && !Array.isArray(body);
}

function dataOf(body: unknown): unknown {
  return isEnvelope(body) ? body['data'] : undefined;
}

function timeOf(data: unknown): Parsed<EpochMs> {
  return typeof data === 'number' && data > 0 ? { ok: true, value: data } : bad('time: not a number');
}

function bad(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}
