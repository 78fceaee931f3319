import type { IncomingMessage, ServerResponse } from 'node:http';
import { readQuery, rowsOf, type Refusal } from './klines.ts';
import type { FakeExchangeOptions } from '../options.ts';
import type { BadBody, RestEffect, RestRequest } from '../faults/rest-faults.ts';
import { infoOf } from '../dialects/binance/symbol-info.ts';
import { wordsOf, type WeightRefusal } from '../dialects/binance/refusal-words.ts';
import { Weights } from './weight.ts';
import type { VenueState, ExchangeState } from './exchange-state.ts';

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Record<string, string>;
}

/** The REST side: klines, time, exchangeInfo and ping of each market. */
export class RestServer {
  private readonly exchange: ExchangeState;
  private readonly weights: Weights;
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(exchange: ExchangeState) {
    this.exchange = exchange;
    this.weights = new Weights(exchange);
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const state = [...this.exchange.venues.values()].find(({ rules }) => pathname.startsWith(`${rules.restBase}/`));
    if (state === undefined) {
      send(response, { status: 404, body: '<html><body>404 Not Found</body></html>', headers: {} });
      return;
    }
    const asked = { venue: state.rules.id, kind: kindOf(pathname), path: pathname, query: new Map(searchParams) };
    const effect = this.exchange.faults.rest.answers.take(asked);
    this.reply(response, this.answer(state, asked, effect), effect);
  }

  stop(): void {
    this.timers.forEach(clearTimeout);
  }

  private reply(response: ServerResponse, answer: Answer, effect: RestEffect | undefined): void {
    if (effect === undefined || effect.kind === 'status') {
      send(response, answer);
      return;
    }
    switch (effect.kind) {
      case 'bad body':
        send(response, { ...answer, body: badBody(answer.body, effect.body) });
        return;
      case 'slow':
        this.later(effect.ms, () => { send(response, answer); }); // prettier-ignore
        return;
      default:
        this.breakOff(response, answer, effect.kind);
    }
  }

  private breakOff(response: ServerResponse, answer: Answer, kind: 'hang' | 'reset' | 'cut' | 'stall'): void {
    if (kind === 'reset') response.socket?.resetAndDestroy();
    if (kind === 'cut' || kind === 'stall') this.sendHalf(response, answer, kind);
  }

  private sendHalf(response: ServerResponse, answer: Answer, kind: 'cut' | 'stall'): void {
    response.writeHead(answer.status, { ...answer.headers, 'Content-Length': String(Buffer.byteLength(answer.body)) });
    response.write(answer.body.slice(0, Math.floor(answer.body.length / 2)));
    if (kind === 'cut') this.later(10, () => response.destroy());
  }

  private later(ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      run();
    }, ms);
    this.timers.add(timer);
  }

  private answer(state: VenueState, asked: RestRequest, effect: RestEffect | undefined): Answer {
    const weight = weightOf(state, asked, this.exchange.options.restWeights);
    this.exchange.stats.countRequest(asked.path, weight);
    const { used, refusal } = this.weights.spend(state.rules, weight);
    const headers = {
      Date: new Date(this.exchange.clock.now()).toUTCString(),
      'Content-Type': 'application/json',
      'X-MBX-USED-WEIGHT-1M': String(used),
    };
    if (effect?.kind === 'status') {
      const retry = effect.retryAfter === undefined ? {} : { 'Retry-After': String(effect.retryAfter) };
      return { status: effect.status, body: effect.body(this.exchange.clock.now()), headers: { ...headers, ...retry } };
    }
    if (refusal !== undefined) return this.refuse(refusal, headers);
    return { ...this.content(state, asked), headers };
  }

  private refuse(refusal: WeightRefusal, headers: Answer['headers']): Answer {
    const isInWords = refusal.bannedUntil !== undefined && this.exchange.options.banTold === 'words';
    const retry = isInWords ? {} : { 'Retry-After': String(refusal.retryAfter) };
    const msg = wordsOf(refusal, isInWords);
    return { ...refused({ status: refusal.status, code: -1003, msg }), headers: { ...headers, ...retry } };
  }

  private content(state: VenueState, asked: RestRequest): { readonly status: number; readonly body: string } {
    switch (asked.kind) {
      case 'ping':
        return ok({});
      case 'time':
        return ok({ serverTime: this.exchange.clock.now() });
      case 'exchangeInfo':
        return this.exchangeInfo(state, asked);
      case 'klines':
        return this.klines(state, asked);
      default:
        return refused({ status: 404, code: -5000, msg: 'Path does not exist.' });
    }
  }

  private klines(state: VenueState, asked: RestRequest): { readonly status: number; readonly body: string } {
    const query = readQuery(state, asked.query);
    if ('status' in query) return refused(query);
    const rows = rowsOf(this.exchange, state, query);
    const { symbol, interval, startTime, endTime, limit } = query;
    const at = this.exchange.clock.now();
    this.exchange.stats.klines.push({
      at,
      venue: asked.venue,
      symbol: symbol.symbol,
      interval,
      startTime,
      endTime,
      limit,
      rows: rows.length,
    });
    return ok(rows);
  }

  private exchangeInfo(state: VenueState, asked: RestRequest): { readonly status: number; readonly body: string } {
    const { rules, symbols } = state;
    const wanted = wantedSymbols(asked.query);
    const listed =
      rules.budget === 'spot' && wanted !== undefined ? wanted.map((name) => symbols.get(name)) : [...symbols.values()];
    if (listed.includes(undefined)) return refused({ status: 400, code: -1121, msg: 'Invalid symbol.' });
    const limit = this.exchange.options.weightLimit ?? rules.weightPerMinute;
    return ok({
      timezone: 'UTC',
      serverTime: this.exchange.clock.now(),
      rateLimits: [{ rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit }],
      exchangeFilters: [],
      symbols: listed.flatMap((symbol) => (symbol === undefined ? [] : [infoOf(symbol)])),
    });
  }
}

const ok = (value: unknown): { status: number; body: string } => ({ status: 200, body: JSON.stringify(value) });

function refused({ status, code, msg }: Omit<Refusal, 'status'> & { status: number }): {
  status: number;
  body: string;
} {
  return { status, body: JSON.stringify({ code, msg }) };
}

function kindOf(path: string): RestRequest['kind'] {
  const last = path.split('/').at(-1);
  return last === 'klines' || last === 'time' || last === 'exchangeInfo' || last === 'ping' ? last : 'other';
}

function weightOf(
  { rules }: VenueState,
  { kind, query }: RestRequest,
  own: FakeExchangeOptions['restWeights'] = {},
): number {
  if (kind === 'exchangeInfo') return own.exchangeInfo ?? rules.symbolsWeight;
  if (kind !== 'klines') return own.time ?? 1;
  const limit = query.get('limit');
  // Without a limit a request costs as much as one for more than 500 rows (FACTS 4.1).
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

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  if (response.destroyed) return;
  response.writeHead(status, { ...headers, 'Content-Length': String(Buffer.byteLength(body)) });
  response.end(body);
}

/** What stands in place of a good body. */
function badBody(good: string, kind: BadBody): string {
  switch (kind) {
    case 'html':
      return '<html><body>Service temporarily unavailable</body></html>';
    case 'object':
      return '{"unexpected":true}';
    case 'string':
      return JSON.stringify('maintenance');
    case 'empty array':
      return '[]';
    case 'empty':
      return '';
    default:
      return badRows(good, kind);
  }
}

function badRows(good: string, kind: Exclude<BadBody, 'html' | 'object' | 'string' | 'empty array' | 'empty'>): string {
  const rows: unknown = JSON.parse(good);
  if (!Array.isArray(rows)) return '{}';
  const list = rows as unknown[][];
  if (kind === 'unordered') return JSON.stringify(list.reverse());
  if (kind === 'short rows') return JSON.stringify(list.map((row) => row.slice(0, 5)));
  if (kind === 'null prices') return JSON.stringify(list.map((row) => row.map((cell, i) => (i === 4 ? null : cell))));
  return JSON.stringify(list.map((row) => ({ openTime: row[0] })));
}
