import type { ClientMessage, Reaction, StreamDialect, StreamRequest, StreamRoute, StreamSession } from '../dialect.ts';
import { rewritten } from './rewrite.ts';
import type { BinanceRules } from './rules.ts';
import { klineText } from './wire.ts';

const METHODS = ['SUBSCRIBE', 'UNSUBSCRIBE', 'LIST_SUBSCRIPTIONS', 'SET_PROPERTY', 'GET_PROPERTY'];

interface Problem {
  readonly code: number;
  readonly msg: string;
}

/** The stream of one Binance market (docs/protocol.md, Subscribing). */
export function binanceStream(rules: BinanceRules): StreamDialect {
  return {
    routeOf: (url) => routeOf(url, rules),
    limits: limitsOf(rules),
    read,
    react: (request, session) => react(request, session, rules),
    refuse: ({ id }, error, session) => [complaint(error, session, id)],
    seriesOf,
    tellsSuccessor: false,
    candleText: ({ symbol: { symbol }, interval, told, eventTime }) =>
      told.map(({ kline, closed }) => klineText({ symbol, interval, kline, closed, eventTime }, rules)).join(''),
    enveloped: (topic, text) => `{"stream":${JSON.stringify(topic)},"data":${text}}`,
    goingAway: ({ now, combined }) => {
      const data = `{"e":"serverShutdown","E":${String(now)}}`;
      return combined ? `{"stream":"!serverShutdown","data":${data}}` : data;
    },
    rewrite: rewritten,
    garbage: {
      'bad JSON': '{"stream":"btcusdt@kline_1m","data":{"e":"kline",,}}',
      truncated: '{"stream":"btcusdt@kline_1m","data":{"e":"kline","E":1700000000000,"s":"BTCUSDT","k":{"t":17000',
      'wrong types':
        '{"stream":"btcusdt@kline_1m","data":{"e":"kline","E":"x","s":7,"k":{"t":"soon","x":"yes","o":null}}}',
      'unknown event': '{"stream":"btcusdt@somethingNew","data":{"e":"somethingNew","E":1700000000000,"s":"BTCUSDT"}}',
      'not an object': '[1,2,3]',
      empty: '',
      binary: Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x7b]),
    },
  };
}

function limitsOf(rules: BinanceRules): StreamDialect['limits'] {
  return {
    messages: {
      limit: rules.messagesPerSecond,
      windowMs: 1000,
      counted: rules.pingsCount ? ['message', 'ping'] : ['message'],
      // docs/protocol.md, Subscribing.
      over: { close: { code: 1008, reason: 'Too many requests' } },
    },
    attempts: { limit: rules.attemptsPerFiveMinutes, windowMs: 300_000 },
    pings: { everyMs: rules.pingEveryMs, pongWithinMs: rules.pongWithinMs },
    quiet: null,
  };
}

/** `/usdm/market/ws/<a>/<b>`, `/spot/stream?streams=<a>/<b>`; undefined for a path that this market does not have. */
function routeOf({ pathname, searchParams }: URL, rules: BinanceRules): StreamRoute | undefined {
  if (!pathname.startsWith(`${rules.prefix}/`)) return undefined;
  const match = /^(\/market|\/public|\/private)?\/(ws|stream)(?:\/(.*))?$/.exec(pathname.slice(rules.prefix.length));
  if (match === null) return undefined;
  const [, route = '', form, names = ''] = match;
  const listed = form === 'stream' ? (searchParams.get('streams') ?? '') : decodeURIComponent(names);
  const topics = listed.split('/').filter((name) => name !== '');
  return { routed: route === rules.klineRoute, combined: form === 'stream', topics };
}

function read(text: string, session: StreamSession): ClientMessage {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { replies: [complaint({ code: 3, msg: `Invalid JSON: ${String(error)}` }, session)] };
  }
  const { method, params = [], id } = (value ?? {}) as Record<string, unknown>;
  const problem = problemOf({ method, params });
  if (problem !== undefined)
    return { replies: [complaint({ code: 2, msg: `Invalid request: ${problem}` }, session, id)] };
  const raw = params as readonly unknown[];
  return { request: { method: method as string, params: raw.filter((param) => typeof param === 'string'), raw, id } };
}

function react(request: StreamRequest, session: StreamSession, rules: BinanceRules): Reaction {
  const ack = (result: unknown): readonly string[] => [JSON.stringify({ result, id: request.id ?? null })];
  const topics = request.raw.map(String);
  switch (request.method) {
    case 'SUBSCRIBE':
      return tooMany(topics, session, rules) ?? { subscribe: topics, acks: ack(null) };
    case 'UNSUBSCRIBE':
      return { unsubscribe: topics, acks: ack(null) };
    case 'LIST_SUBSCRIPTIONS':
      return { acks: ack([...session.topics]) };
    default:
      return property(request, session, ack);
  }
}

function tooMany(topics: readonly string[], session: StreamSession, rules: BinanceRules): Reaction | undefined {
  const limit = session.options.topicsPerConnection ?? rules.topicsPerConnection;
  if (new Set([...session.topics, ...topics]).size <= limit) return undefined;
  return {
    broken: { limit: 'topics', detail: `more than ${String(limit)} topics` },
    complaints: [complaint({ code: 4, msg: 'Too many subscriptions' }, session)],
    close: { code: 1008, reason: 'Invalid request' },
  };
}

function property(
  { method, raw, id }: StreamRequest,
  session: StreamSession,
  ack: (result: unknown) => readonly string[],
): Reaction {
  const [name, value] = raw;
  if (name === 'combined' && method === 'GET_PROPERTY') return { acks: ack(session.combined) };
  if (name === 'combined' && typeof value === 'boolean') return { combined: value, acks: ack(null) };
  const error =
    name === 'combined'
      ? { code: 1, msg: 'Invalid value type: expected Boolean' }
      : { code: 0, msg: 'Unknown property' };
  return { complaints: [complaint(error, session, id)] };
}

function complaint({ code, msg }: Problem, { options }: StreamSession, id?: unknown): string {
  return JSON.stringify(options.errorForm === 'flat' ? { code, msg, id } : { error: { code, msg }, id });
}

function problemOf({ method, params }: { readonly method: unknown; readonly params: unknown }): string | undefined {
  if (method === undefined) return 'missing field `method`';
  if (typeof method !== 'string' || !METHODS.includes(method)) {
    return `unknown variant \`${JSON.stringify(method)}\`, expected one of \`${METHODS.join('`, `')}\``;
  }
  return Array.isArray(params) ? undefined : 'invalid type: params must be a list';
}

/** Only ASCII letters have a lower case in stream names; a name with an upper one is no series (docs/protocol.md, Subscribing). */
function seriesOf(topic: string): { readonly symbol: string; readonly interval: string } | undefined {
  const [name = '', interval, ...more] = topic.split('@kline_');
  if (interval === undefined || more.length > 0 || /[A-Z]/.test(name)) return undefined;
  return { symbol: name.replace(/[a-z]+/g, (letters) => letters.toUpperCase()), interval };
}
