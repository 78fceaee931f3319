import type { StreamMessage, Topic } from '../../ports/stream-protocol.ts';
import { isText, type WireObject } from '../values.ts';

/** What Bybit calls a topic that it refuses: on futures, and on spot. */
const NAMED = /(?:,topic:|^Invalid symbol :\[)(kline\.[^\]\s]+)/;
const ALREADY = /^error:already subscribed/;

/**
 * The reply to a request, a pong, or undefined. `req_id` is what was sent with the request; without one Bybit writes an
 * empty one on futures, and none on spot.
 *
 * ```text
 * {"success":true,"ret_msg":"","conn_id":"d8bu1olkndm7crnfs1e0-j6akw","req_id":"1 kline.1.BTCUSDT","op":"subscribe"}
 * {"success":true,"ret_msg":"subscribe","conn_id":"d9avt8shteepr00gfc1g-4zd1x","req_id":"1 kline.1.BTCUSDT","op":"subscribe"}
 * {"success":false,"ret_msg":"error:handler not found,topic:kline.1.NONE","conn_id":"…","req_id":"2 kline.1.NONE","op":"subscribe"}
 * {"success":false,"ret_msg":"Invalid symbol :[kline.1.NONE]","conn_id":"…","req_id":"2 kline.1.NONE","op":"subscribe"}
 * {"success":true,"ret_msg":"pong","conn_id":"…","op":"ping"}
 * ```
 *
 * A topic that is subscribed to already is refused too, and delivers all the same.
 *
 * @see https://bybit-exchange.github.io/docs/v5/ws/connect, read on 2026-07-24, for replies and pongs; the refusals are
 *   quoted in https://github.com/sieblyio/bybit-api and https://github.com/bybit-exchange/pybit, not in the documentation
 */
export function replyOf(message: WireObject): StreamMessage | undefined {
  const { success, op, ret_msg: words } = message;
  if (op === 'ping' || op === 'pong') return { kind: 'ignored' };
  if (typeof success !== 'boolean') return undefined;
  const reason = isText(words) ? words : 'no reason given';
  const about = aboutOf(message['req_id'], reason);
  return success || ALREADY.test(reason) ? { kind: 'ack', ...about } : { kind: 'rejected', ...about, reason };
}

/** Every request asks for one topic, which its id carries. */
export function requestId(id: string, topic: Topic): string {
  return `${id} ${topic}`;
}

function aboutOf(id: unknown, words: string): { readonly id?: string; readonly topics?: readonly Topic[] } {
  const topic = NAMED.exec(words)?.[1] ?? (isText(id) ? id.split(' ')[1] : undefined);
  return { ...(isText(id) && { id }), ...(topic !== undefined && { topics: [topic] }) };
}
