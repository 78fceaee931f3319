import type { CandleEvent, ClientMessage, Reaction, StreamDialect, StreamRequest, StreamSession } from '../dialect.ts';
import { rewritten } from './rewrite.ts';
import { GATE_RULES } from './rules.ts';

const CHANNEL = 'spot.candlesticks';
/** "Gap between request time and server time must not exceed 60 seconds." */
const MOST_GAP_MS = 60_000;

/**
 * `/ws/v4/`: one topic a request, each answered by the number of the request. Limits are not documented, and the words of
 * refusals are those of the table of codes, but for an unknown pair.
 *
 * @see https://www.gate.com/docs/developers/apiv4/ws/en/#client-request and #error, copy of 2026-06-28;
 *   https://docs.rs/barter-data (exchange/gateio/message.rs) for an unknown pair
 */
export const gateStream: StreamDialect = {
  routeOf: ({ pathname }) => (pathname === '/ws/v4/' ? { routed: true, combined: false, topics: [] } : undefined),
  limits: {
    messages: { limit: Infinity, windowMs: 1000, counted: [], over: {} },
    attempts: { limit: Infinity, windowMs: 300_000 },
    pings: null,
    quiet: null,
  },
  read,
  react,
  refuse: (request, { code, msg }, session) => [answer(request, session, { code, message: msg })],
  seriesOf,
  tellsSuccessor: false,
  candleText,
  enveloped: (_topic, text) => text,
  goingAway: () => null,
  rewrite: rewritten,
  garbage: {
    'bad JSON': `{"time":1700000000,"channel":"${CHANNEL}","event":"update","result":{,}}`,
    truncated: `{"time":1700000000,"time_ms":1700000000000,"channel":"${CHANNEL}","event":"upd`,
    'wrong types': `{"time":"x","channel":"${CHANNEL}","event":"update","result":{"t":"soon","n":"1m_BTC_USDT","w":"yes"}}`,
    'unknown event': '{"time":1700000000,"channel":"spot.something_new","event":"update","result":{}}',
    'not an object': '[1,2,3]',
    empty: '',
    binary: Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x7b]),
  },
};

function read(text: string, session: StreamSession): ClientMessage {
  const { time, id, channel, event, payload } = parsed(text);
  if (channel === 'spot.ping') return { replies: [JSON.stringify({ time: seconds(session), channel: 'spot.pong', event: '', result: null })] }; // prettier-ignore
  const request = { method: String(event), params: [topicOf(payload)], raw: [payload], id };
  const isFor = channel === CHANNEL && (event === 'subscribe' || event === 'unsubscribe');
  if (!isFor) return { replies: [answer(request, session, { code: 1, message: 'Invalid request body format' })] };
  const gap = Math.abs(Number(time) * 1000 - session.now);
  if (!(gap <= MOST_GAP_MS)) return { replies: [answer(request, session, { code: 2, message: 'Invalid argument provided' })] }; // prettier-ignore
  return { request };
}

function react(request: StreamRequest, session: StreamSession): Reaction {
  const { method, params } = request;
  const [topic = ''] = params;
  const acks = [answer(request, session, null)];
  if (method === 'unsubscribe') return { unsubscribe: params, acks };
  const { symbol = '', interval } = seriesOf(topic) ?? {};
  const isServed = session.symbols.has(symbol) && GATE_RULES.intervals.some((one) => one === interval);
  if (isServed) return { subscribe: params, acks };
  return { complaints: [answer(request, session, { code: 2, message: `unknown currency pair ${symbol}` })] };
}

function candleText({ topic, told, eventTime }: CandleEvent): string {
  const [{ kline: k, closed } = { kline: undefined, closed: false }] = told;
  if (k === undefined) return '';
  return (
    `{"time":${String(Math.floor(eventTime / 1000))},"time_ms":${String(eventTime)},"channel":"${CHANNEL}","event":"update",` +
    `"result":{"t":"${String(k.openTime / 1000)}","v":"${k.quoteVolume}","c":"${k.close}","h":"${k.high}","l":"${k.low}",` +
    `"o":"${k.open}","n":"${topic}","a":"${k.volume}","w":${String(closed)}}}`
  );
}

function answer({ method, id }: StreamRequest, session: StreamSession, error: object | null): string {
  const result = error === null ? { status: 'success' } : null;
  const time = seconds(session);
  return JSON.stringify({ time, time_ms: Math.floor(session.now), id, channel: CHANNEL, event: method, error, result });
}

function seconds({ now }: StreamSession): number {
  return Math.floor(now / 1000);
}

/** `1m_BTC_USDT` of `["1m","BTC_USDT"]`. */
function topicOf(payload: unknown): string {
  return Array.isArray(payload) ? payload.map(String).join('_') : '';
}

function seriesOf(topic: string): { readonly symbol: string; readonly interval: string } | undefined {
  const [, interval, symbol] = /^([^_]+)_(.+)$/.exec(topic) ?? [];
  return interval === undefined || symbol === undefined ? undefined : { symbol, interval };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(text) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}
