import type { CandleEvent, ClientMessage, Reaction, StreamDialect, StreamRequest, StreamSession } from '../dialect.ts';
import { rewritten } from './rewrite.ts';
import { rowOf } from './row.ts';
import { intervalOf } from './rules.ts';

interface Arg {
  readonly channel: string;
  readonly instId: string;
}

const CONN_ID = 'a4d3ae55';
/** 64 KB of `args` on one connection. */
const MOST_CHARS = 65_536;

/**
 * `/ws/v5/business`: each `arg` of a request acknowledged or refused by itself, `ping` in words, nothing in an envelope.
 *
 * @see https://www.okx.com/docs-v5/en/#overview-websocket-connect and #error-code-websocket-public, copies of 2026-07;
 *   how the limit of 480 requests an hour is refused is not documented, nor what happens above 64 KB
 */
export const okxStream: StreamDialect = {
  routeOf: ({ pathname }) =>
    pathname === '/ws/v5/business' ? { routed: true, combined: false, topics: [] } : undefined,
  limits: {
    messages: {
      limit: 480,
      windowMs: 3_600_000,
      counted: ['request'],
      over: { complaints: [error('60014', 'Requests too frequent')] },
    },
    attempts: { limit: 3, windowMs: 1000 },
    pings: null,
    quiet: { ms: 30_000, close: { code: 4004, reason: 'No data received in 30s' } },
  },
  read,
  react,
  refuse: ({ raw, id }, { code, msg }) => raw.map(() => error(String(code), msg, id)),
  seriesOf,
  tellsSuccessor: false,
  candleText,
  enveloped: (_topic, text) => text,
  goingAway: () =>
    `{"event":"notice","code":"64008","msg":"The connection will soon be closed for a service upgrade. Please reconnect.","connId":"${CONN_ID}"}`,
  rewrite: rewritten,
  garbage: {
    'bad JSON': '{"arg":{"channel":"candle1m","instId":"BTC-USDT"},"data":[[,,]]}',
    truncated: '{"arg":{"channel":"candle1m","instId":"BTC-USDT"},"data":[["17000000',
    'wrong types':
      '{"arg":{"channel":"candle1m","instId":"BTC-USDT"},"data":[["soon",null,{},"x","y","z","1","1","yes"]]}',
    'unknown event': '{"event":"something-new","msg":"hello","connId":"a4d3ae55"}',
    'not an object': '[1,2,3]',
    empty: '',
    binary: Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x7b]),
  },
};

function read(text: string): ClientMessage {
  if (text === 'ping') return { replies: ['pong'] };
  const { op, args, id } = parsed(text);
  if ((op !== 'subscribe' && op !== 'unsubscribe') || !Array.isArray(args) || !args.every(isArg))
    return { replies: [error('60012', `Invalid request: ${text}`, id)] };
  return { request: { method: op, params: args.map(topicOf), raw: args, id } };
}

function react({ method, raw, id }: StreamRequest, session: StreamSession): Reaction {
  const args = raw.filter(isArg);
  if (method === 'unsubscribe')
    return { unsubscribe: args.map(topicOf), acks: args.map((arg) => ack('unsubscribe', arg, id)) };
  const known = args.filter((arg) => isKnown(arg, session));
  const unknown = args.filter((arg) => !isKnown(arg, session));
  const topics = new Set([...session.topics, ...known.map(topicOf)]);
  const complaints = unknown.map((arg) => error('60018', refusalOf(arg), id));
  return tooMany(topics, session) ?? { subscribe: known.map(topicOf), acks: known.map((arg) => ack('subscribe', arg, id)), complaints }; // prettier-ignore
}

function tooMany(topics: ReadonlySet<string>, { options }: StreamSession): Reaction | undefined {
  const chars = [...topics].reduce((sum, topic) => sum + topic.length + '{"channel":"","instId":""}'.length, 0);
  if (chars <= MOST_CHARS && topics.size <= (options.topicsPerConnection ?? Infinity)) return undefined;
  return {
    broken: { limit: 'topics', detail: `${String(topics.size)} topics, ${String(chars)} characters of args` },
    close: { code: 4009, reason: 'The number of subscription channels for this connection exceeds the limit' },
  };
}

function candleText({ topic, symbol: { symbol }, told }: CandleEvent): string {
  const [channel = ''] = topic.split(':');
  const data = told.map(({ kline, closed }) => rowOf(kline, symbol, closed));
  return JSON.stringify({ arg: { channel, instId: symbol }, data });
}

function isKnown({ channel, instId }: Arg, { symbols }: StreamSession): boolean {
  return symbols.has(instId) && seriesOf(topicOf({ channel, instId })) !== undefined;
}

function seriesOf(topic: string): { readonly symbol: string; readonly interval: string } | undefined {
  const [, bar = '', symbol = ''] = /^candle(\w+):(.+)$/.exec(topic) ?? [];
  const interval = intervalOf(bar);
  return interval === undefined ? undefined : { symbol, interval };
}

function topicOf({ channel, instId }: Arg): string {
  return `${channel}:${instId}`;
}

function isArg(arg: unknown): arg is Arg {
  const { channel, instId } = (arg ?? {}) as Partial<Record<keyof Arg, unknown>>;
  return typeof channel === 'string' && typeof instId === 'string';
}

function ack(event: string, { channel, instId }: Arg, id: unknown): string {
  return JSON.stringify({ id, event, arg: { channel, instId }, connId: CONN_ID });
}

function error(code: string, msg: string, id?: unknown): string {
  return JSON.stringify({ id, event: 'error', code, msg, connId: CONN_ID });
}

function refusalOf({ channel, instId }: Arg): string {
  return `Wrong URL or channel:${channel},instId:${instId} doesn't exist. Please use the correct URL, channel and parameters referring to API document.`;
}

function parsed(text: string): { readonly op?: unknown; readonly args?: unknown; readonly id?: unknown } {
  try {
    return (JSON.parse(text) ?? {}) as object;
  } catch {
    return {};
  }
}
