import { intervalOf } from '../../../venues/bybit/interval-code.ts';
import type { ClientMessage, Reaction, StreamDialect, StreamRequest, StreamSession } from '../dialect.ts';
import { rewritten } from './rewrite.ts';
import type { BybitRules } from './rules.ts';
import { klineText } from './wire.ts';

/** "You cannot have length of args array over 21,000 characters", for one connection. */
const MOST_CHARS = 21_000;

const GARBAGE: StreamDialect['garbage'] = {
  'bad JSON': '{"topic":"kline.1.BTCUSDT","data":[{"start":,,}]}',
  truncated: '{"topic":"kline.1.BTCUSDT","data":[{"start":1700000000000,"end":17000',
  'wrong types': '{"topic":"kline.1.BTCUSDT","data":[{"start":"soon","confirm":"yes","open":null}],"ts":"x"}',
  'unknown event': '{"topic":"somethingNew.BTCUSDT","type":"delta","data":{},"ts":1700000000000}',
  'not an object': '[1,2,3]',
  empty: '',
  binary: Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x7b]),
};

/**
 * The stream of one Bybit market.
 *
 * @see https://bybit-exchange.github.io/docs/v5/ws/connect, read on 2026-07-24; refusals as reported in
 *   https://github.com/sieblyio/bybit-api and https://github.com/bybit-exchange/pybit
 */
export function bybitStream(rules: BybitRules): StreamDialect {
  return {
    routeOf: ({ pathname }) =>
      pathname === `/v5/public/${rules.category}` ? { routed: true, combined: false, topics: [] } : undefined,
    limits: {
      // No document says how many.
      messages: { limit: Infinity, windowMs: 1000, counted: [], over: {} },
      attempts: { limit: 500, windowMs: 300_000 },
      pings: null,
      quiet: { ms: 600_000, close: { code: 1000, reason: '' } },
    },
    read: (text) => read(text, rules),
    react: (request, session) => react(request, session, rules),
    refuse: (request, { msg }) => [refusal(request, msg, rules)],
    seriesOf,
    tellsSuccessor: rules.category !== 'spot',
    candleText: (event) => klineText(event, rules),
    enveloped: (_topic, text) => text,
    goingAway: () => null,
    rewrite: rewritten,
    garbage: GARBAGE,
  };
}

function read(text: string, rules: BybitRules): ClientMessage {
  const { op, args = [], req_id: id } = parsed(text);
  if (op === 'ping') return { replies: [reply({ method: op, id }, 'pong', rules)] };
  const about = { method: typeof op === 'string' ? op : '', id };
  if (op !== 'subscribe' && op !== 'unsubscribe') return { replies: [refusal(about, 'error:invalid op', rules)] };
  if (!Array.isArray(args)) return { replies: [refusal(about, 'Params Error', rules)] };
  return { request: { ...about, params: args.map(String), raw: args as readonly unknown[] } };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(text) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** A request is done as a whole, or refused as a whole: then none of its topics is served. */
function react(request: StreamRequest, session: StreamSession, rules: BybitRules): Reaction {
  const { method, params } = request;
  const acks = [reply(request, rules.category === 'spot' ? method : '', rules)];
  if (method === 'unsubscribe') return { unsubscribe: params, acks };
  const words = refusedBecause(params, session, rules);
  if (words !== undefined) return { complaints: [refusal(request, words, rules)] };
  return tooMany(request, session, rules) ?? { subscribe: params, acks };
}

/** The first topic that is wrong, in the words of the market. */
function refusedBecause(topics: readonly string[], session: StreamSession, rules: BybitRules): string | undefined {
  const unknown = topics.find((topic) => !isServed(topic, session, rules));
  if (unknown !== undefined)
    return rules.category === 'spot' ? `Invalid symbol :[${unknown}]` : `error:handler not found,topic:${unknown}`;
  const known = topics.find((topic) => session.topics.has(topic));
  return known && `error:already subscribed,topic:${known}`;
}

function isServed(topic: string, { symbols }: StreamSession, rules: BybitRules): boolean {
  const { symbol = '', interval } = seriesOf(topic) ?? {};
  return symbols.has(symbol) && rules.intervals.some((one) => one === interval);
}

function tooMany(request: StreamRequest, { topics, options }: StreamSession, rules: BybitRules): Reaction | undefined {
  const { params } = request;
  const most = options.topicsPerConnection ?? Infinity;
  const all = [...topics, ...params];
  const { length } = JSON.stringify(all);
  if (params.length > rules.topicsPerRequest)
    return broken(request, `args size >${String(rules.topicsPerRequest)}`, rules);
  // In words of ours: nobody has reported Bybit's.
  if (length > MOST_CHARS) return broken(request, `args length ${String(length)} >${String(MOST_CHARS)}`, rules);
  return all.length > most ? broken(request, `more than ${String(most)} topics`, rules) : undefined;
}

function broken(request: StreamRequest, words: string, rules: BybitRules): Reaction {
  return { broken: { limit: 'topics', detail: words }, complaints: [refusal(request, words, rules)] };
}

type About = Pick<StreamRequest, 'method' | 'id'>;

function reply(about: About, words: string, rules: BybitRules): string {
  return JSON.stringify({ success: true, ret_msg: words, ...rest(about, rules) });
}

function refusal(about: About, words: string, rules: BybitRules): string {
  return JSON.stringify({ success: false, ret_msg: words, ...rest(about, rules) });
}

/** Futures answer a request without an id with an empty one, spot with none. */
function rest({ method, id }: About, { category }: BybitRules): Readonly<Record<string, unknown>> {
  const own = id === undefined && category !== 'spot' ? '' : id;
  return { conn_id: 'd8bu1olkndm7crnfs1e0-fake0', ...(own !== undefined && { req_id: own }), op: method };
}

/** `kline.60.BTCUSDT` */
function seriesOf(topic: string): { readonly symbol: string; readonly interval: string } | undefined {
  const [, code, symbol] = /^kline\.([^.]+)\.(.+)$/.exec(topic) ?? [];
  const interval = intervalOf(code);
  return symbol === undefined || interval === undefined ? undefined : { symbol, interval };
}
