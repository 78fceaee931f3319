import type { StreamMessage, Topic } from '../../ports/stream-protocol.ts';
import { isText, type WireObject } from '../values.ts';
import { malformed } from '../wire-frame.ts';
import { topicOfArg } from './topic.ts';

/** As 60018 names the `arg` that it refuses: `… channel:candle1m,instId:NOPE-USDT doesn't exist. …` */
const REFUSED_ARG = /channel:([^\s,]+),instId:([^\s,]+) doesn't exist/;
/** As 60012 quotes the request that it refuses: `Invalid request: {"op": "subscribe", "args":[…]}` */
const QUOTED_REQUEST = /request: ?(\{.*\})/s;

/**
 * The answer to a request to subscribe or unsubscribe: an acknowledgement for each `arg`, an error that names one `arg`,
 * or an error that quotes the request. An error that names nothing is the whole request's.
 *
 * ```json
 * {"id":"1512","event":"error","code":"60018","msg":"Wrong URL or channel:candle1m,instId:NOPE-USDT doesn't exist. Please use the correct URL, channel and parameters referring to API document.","connId":"a4d3ae55"}
 * ```
 *
 * @see https://www.okx.com/docs-v5/en/#error-code-websocket-public, copy of 2026-07-20 (60012, 60018)
 */
export function replyOf(message: WireObject): StreamMessage {
  const { id, event, arg, code, msg } = message;
  const about = isText(id) ? { id } : {};
  if (event === 'error')
    return { kind: 'rejected', ...about, ...refusedBy(msg), reason: `${String(code)}: ${String(msg)}` };
  const topic = topicOfArg(arg);
  if (topic !== undefined) return { kind: 'ack', ...about, topics: [topic] };
  return malformed('an acknowledgement of nothing');
}

function refusedBy(msg: unknown): { readonly topics?: readonly Topic[] } {
  if (!isText(msg)) return {};
  const [, channel, instId] = REFUSED_ARG.exec(msg) ?? [];
  if (channel !== undefined && instId !== undefined) return { topics: [`${channel}:${instId}`] };
  const quoted = QUOTED_REQUEST.exec(msg)?.[1];
  const topics = quoted === undefined ? [] : topicsIn(quoted);
  return topics.length > 0 ? { topics } : {};
}

function topicsIn(request: string): readonly Topic[] {
  try {
    const { args } = JSON.parse(request) as { readonly args?: unknown };
    return Array.isArray(args) ? (args as readonly unknown[]).flatMap((arg) => topicOfArg(arg) ?? []) : [];
  } catch {
    return [];
  }
}
