import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Dialect, RestAnswer } from '../dialects/dialect.ts';
import type { RestEffect, RestRequest } from '../faults/rest-faults.ts';
import { badBody } from './bad-body.ts';
import { viewOf, type ExchangeState, type VenueState } from './exchange-state.ts';
import { RestLimits } from './rest-limits.ts';
import { rowsOf } from './rows.ts';

/** The REST side of all venues: limits, scripted failures, and what the dialects answer. */
export class RestServer {
  private readonly exchange: ExchangeState;
  private readonly limits: RestLimits;
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(exchange: ExchangeState) {
    this.exchange = exchange;
    this.limits = new RestLimits(exchange);
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const { pathname: path, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const query = new Map(searchParams);
    for (const state of this.exchange.venues.values()) {
      const kind = state.dialect.rest.kindOf(path, query);
      if (kind === undefined) continue;
      this.answer(response, state, { venue: state.dialect.rules.id, kind, path, query });
      return;
    }
    send(response, { status: 404, body: '<html><body>404 Not Found</body></html>' });
  }

  stop(): void {
    this.timers.forEach(clearTimeout);
  }

  private answer(response: ServerResponse, state: VenueState, asked: RestRequest): void {
    const effect = this.exchange.faults.rest.answers.take(asked);
    const answer = this.answerOf(state, asked, effect);
    switch (effect?.kind) {
      case 'bad body':
        send(response, { ...answer, body: badBody(answer.body, effect.body, state.dialect.rest) });
        return;
      case 'slow':
        this.later(effect.ms, () => { send(response, answer); }); // prettier-ignore
        return;
      case 'hang':
      case 'reset':
      case 'cut':
      case 'stall':
        this.breakOff(response, answer, effect.kind);
        return;
      default:
        send(response, answer);
    }
  }

  private breakOff(response: ServerResponse, answer: RestAnswer, kind: 'hang' | 'reset' | 'cut' | 'stall'): void {
    if (kind === 'reset') response.socket?.resetAndDestroy();
    if (kind === 'cut' || kind === 'stall') this.sendHalf(response, answer, kind);
  }

  private sendHalf(response: ServerResponse, answer: RestAnswer, kind: 'cut' | 'stall'): void {
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

  /** What the venue answers within its limits, with the headers of every answer. */
  private answerOf(state: VenueState, asked: RestRequest, effect: RestEffect | undefined): RestAnswer {
    const { dialect } = state;
    const { used, over } = this.limits.spend(dialect, asked);
    const { options, clock, stats } = this.exchange;
    stats.countRequest(asked.path, costOf(dialect, asked, options));
    const headers = {
      Date: new Date(clock.now()).toUTCString(),
      'Content-Type': 'application/json',
      ...dialect.rest.headersOf(used),
    };
    const answer =
      this.scripted(dialect, effect) ??
      (over === undefined ? this.content(state, asked) : dialect.rest.overLimit(over, options));
    return { ...answer, headers: { ...headers, ...answer.headers } };
  }

  private scripted({ rest }: Dialect, effect: RestEffect | undefined): RestAnswer | undefined {
    if (effect?.kind === 'ban in words') return rest.bannedInWords(Math.ceil(this.exchange.clock.now() + effect.ms));
    if (effect?.kind !== 'status') return undefined;
    const { status, body = rest.failureBody(status), retryAfter } = effect;
    return { status, body, headers: retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) } };
  }

  private content(state: VenueState, asked: RestRequest): RestAnswer {
    const answer = state.dialect.rest.answer(asked, viewOf(this.exchange, state));
    if (!('query' in answer)) return answer;
    const { symbol, interval, from, to, limit } = answer.query;
    const rows = rowsOf(this.exchange, answer.query);
    this.exchange.stats.klines.push({
      at: this.exchange.clock.now(),
      venue: asked.venue,
      symbol: symbol.symbol,
      interval,
      startTime: from,
      endTime: to,
      limit,
      rows: rows.length,
    });
    return answer.write(rows);
  }
}

function costOf({ rest }: Dialect, asked: RestRequest, options: ExchangeState['options']): number {
  return Object.values(rest.costOf(asked, options)).reduce((sum, amount) => sum + amount, 0);
}

function send(response: ServerResponse, { status, body, headers }: RestAnswer): void {
  if (response.destroyed) return;
  response.writeHead(status, { ...headers, 'Content-Length': String(Buffer.byteLength(body)) });
  response.end(body);
}
