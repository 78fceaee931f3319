import type { Connection } from './connection.ts';
import type { Publisher } from './publisher.ts';
import type { ExchangeState } from './exchange-state.ts';

interface Request {
  readonly method: string;
  readonly params: readonly unknown[];
  readonly id: unknown;
}

const METHODS = ['SUBSCRIBE', 'UNSUBSCRIBE', 'LIST_SUBSCRIPTIONS', 'SET_PROPERTY', 'GET_PROPERTY'];

/** Answers what clients ask for on the stream (FACTS 3). */
export class Requests {
  private readonly exchange: ExchangeState;
  private readonly publisher: Publisher;

  constructor(exchange: ExchangeState, publisher: Publisher) {
    this.exchange = exchange;
    this.publisher = publisher;
  }

  handle(connection: Connection, text: string): void {
    const request = this.parsed(connection, text);
    if (request === undefined) return;
    const { venue, id } = connection;
    const params = request.params.filter((param) => typeof param === 'string');
    const effect = this.exchange.faults.stream.replies.take({ venue, connection: id, method: request.method, params });
    if (effect?.kind === 'error') {
      this.refuse(connection, effect, request.id);
      return;
    }
    const result = this.perform(connection, request);
    if (result !== undefined && effect === undefined) this.acknowledge(connection, result.value, request.id);
  }

  /** Topics named in the URL. */
  subscribeAll(connection: Connection, names: readonly string[]): boolean {
    const limit = this.exchange.options.topicsPerConnection ?? connection.state.rules.topicsPerConnection;
    for (const name of names) {
      connection.topics.add(name);
      if (connection.topics.size > limit) return this.tooMany(connection, limit);
      this.publisher.join(connection, name);
    }
    return true;
  }

  leaveAll(connection: Connection): void {
    for (const name of connection.topics) this.publisher.leave(connection, name);
    connection.topics.clear();
  }

  private parsed(connection: Connection, text: string): Request | undefined {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      this.refuse(connection, { code: 3, msg: `Invalid JSON: ${String(error)}` });
      return undefined;
    }
    const { method, params = [], id } = (value ?? {}) as Record<string, unknown>;
    const problem = problemOf({ method, params });
    if (problem === undefined) return { method: method as string, params: params as unknown[], id };
    this.refuse(connection, { code: 2, msg: `Invalid request: ${problem}` }, id);
    return undefined;
  }

  private perform(connection: Connection, { method, params, id }: Request): { readonly value: unknown } | undefined {
    switch (method) {
      case 'SUBSCRIBE':
        this.exchange.stats.subscribes++;
        return this.subscribeAll(connection, params.map(String)) ? { value: null } : undefined;
      case 'UNSUBSCRIBE':
        this.exchange.stats.unsubscribes++;
        params.map(String).forEach((name) => {
          connection.topics.delete(name);
          this.publisher.leave(connection, name);
        });
        return { value: null };
      case 'LIST_SUBSCRIPTIONS':
        return { value: [...connection.topics] };
      default:
        return this.property(connection, { method, params, id });
    }
  }

  private property(connection: Connection, { method, params, id }: Request): { readonly value: unknown } | undefined {
    const [name, value] = params;
    if (name === 'combined' && method === 'GET_PROPERTY') return { value: connection.combined };
    if (name === 'combined' && typeof value === 'boolean') {
      connection.combined = value;
      return { value: null };
    }
    const error =
      name === 'combined'
        ? { code: 1, msg: 'Invalid value type: expected Boolean' }
        : { code: 0, msg: 'Unknown property' };
    this.refuse(connection, error, id);
    return undefined;
  }

  private tooMany(connection: Connection, limit: number): false {
    const detail = `more than ${String(limit)} topics on connection ${String(connection.id)}`;
    this.exchange.stats.limitBreaks.push({
      at: this.exchange.clock.now(),
      venue: connection.venue,
      limit: 'topics',
      detail,
    });
    this.refuse(connection, { code: 4, msg: 'Too many subscriptions' });
    connection.close(1008, 'Invalid request');
    return false;
  }

  private acknowledge(connection: Connection, result: unknown, id: unknown): void {
    connection.send(JSON.stringify({ result, id: id ?? null }));
    const { flap } = connection;
    if (flap === undefined) return;
    if (flap.code === undefined) connection.reset();
    else connection.close(flap.code, '');
  }

  private refuse(
    connection: Connection,
    error: { readonly code: number; readonly msg: string },
    id?: unknown,
  ): undefined {
    const { code, msg } = error;
    const flat = this.exchange.options.errorForm === 'flat';
    connection.send(JSON.stringify(flat ? { code, msg, id } : { error: { code, msg }, id }));
  }
}

function problemOf({ method, params }: { readonly method: unknown; readonly params: unknown }): string | undefined {
  if (method === undefined) return 'missing field `method`';
  if (typeof method !== 'string' || !METHODS.includes(method)) {
    return `unknown variant \`${JSON.stringify(method)}\`, expected one of \`${METHODS.join('`, `')}\``;
  }
  return Array.isArray(params) ? undefined : 'invalid type: params must be a list';
}
