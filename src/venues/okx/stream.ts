import type { StreamProtocol, StreamRequest, Topic } from '../../ports/stream-protocol.ts';
import { decode } from './decode.ts';
import { isOpenCandle } from './open-candle.ts';
import { argOf, topicOf } from './topic.ts';

/** Longest `args` of one request, in characters; OKX takes 64 KB of them on one connection. */
const ARGS_CHARS = 30_000;
/** What an `arg` is longer than its topic. */
const CHARS_AROUND = '{"channel":"","instId":""},'.length - 1;

/**
 * OKX's public stream of candles: channels on `/business` alone, each `arg` acknowledged and refused by itself, and a
 * connection that carries nothing for 30 s cut, unless the client says `ping`.
 *
 * 480 requests to subscribe and unsubscribe an hour on one connection, however many `args` each has; 64 KB of `args`; three
 * connection attempts a second. How many topics a connection takes no document says (close code 4009 says that
 * there is such a number): 240 is ours, so that each can be asked for and given up by itself within an hour's budget.
 *
 * @see https://www.okx.com/docs-v5/en/#overview-websocket-connect, copy of 2026-07-08
 * @see https://www.okx.com/docs-v5/en/#overview-websocket-subscribe (64 KB)
 */
export const okxStream: StreamProtocol = {
  urlOf: (endpoint) => `${endpoint.replace(/\/+$/, '')}/ws/v5/business`,
  topicOf,
  keepAlive: { ping: 'text', text: 'ping', everyMs: Infinity },
  limits: {
    topicsPerConnection: 240,
    topicCharsPerConnection: 50_000,
    sends: [{ limit: 470, windowMs: 3_600_000, countsPings: false }],
    connects: { limit: 3, windowMs: 1250 },
  },
  requests: (verb, topics, { nextId }) =>
    batchesOf(topics).map((batch): StreamRequest => {
      const id = nextId();
      return { id, topics: batch, text: JSON.stringify({ id, op: verb, args: batch.map(argOf) }) };
    }),
  isUnfinished: isOpenCandle,
  decode,
};

/** As many topics in each as fit. */
function batchesOf(topics: readonly Topic[]): readonly (readonly Topic[])[] {
  const batches: Topic[][] = [];
  let chars = Infinity;
  for (const topic of topics) {
    chars += topic.length + CHARS_AROUND;
    if (chars > ARGS_CHARS) {
      batches.push([]);
      chars = topic.length + CHARS_AROUND;
    }
    batches.at(-1)?.push(topic);
  }
  return batches;
}
