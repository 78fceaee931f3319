import { isUtf8 } from 'node:buffer';
import { isInterval } from '../../../src/core/interval.ts';
import type { StreamMessage, StreamProtocol, StreamRequest, Topic } from '../../../src/ports/stream-protocol.ts';
import { toyCandle } from './row.ts';

/** Longest request, in characters. */
const REQUEST_CHARS = 400;
/** What stands around the topics, with an id of eight digits. */
const FRAME_CHARS = '["unsub","12345678",[]]'.length;
const BRACKET = 0x5b;

/**
 * Every message but `ping` and `pong` is a list; each topic of a request is answered by itself.
 *
 * ```text
 * -> ["sub","1",["BTC-USD/1s","OFF-USD/1s"]]
 * <- ["ok","1","BTC-USD/1s"]
 * <- ["no","1","OFF-USD/1s","not streamed"]
 * <- ["c","BTC-USD","1s",[[1700000000000,"1","2","0.5","1.5","10",1],[1700000001000,"1.5","1.5","1.5","1.5","0",0]]]
 * -> ping
 * <- pong
 * <- ["bye"]
 * ```
 */
export const toyStream: StreamProtocol = {
  urlOf: (endpoint) => `${endpoint.replace(/\/+$/, '')}/v1/candles`,
  topicOf: ({ symbol, interval }) => `${symbol}/${interval}`,
  keepAlive: { ping: 'text', text: 'ping', everyMs: 1000 },
  limits: {
    topicsPerConnection: 50,
    topicCharsPerConnection: 2000,
    sends: [{ limit: 10, windowMs: 1000, countsPings: false }],
    connects: { limit: 30, windowMs: 10_000 },
  },
  requests: (verb, topics, { nextId }) =>
    batchesOf(topics).map((batch): StreamRequest => {
      const id = nextId();
      return { id, topics: batch, text: JSON.stringify([verb === 'subscribe' ? 'sub' : 'unsub', id, batch]) };
    }),
  isUnfinished,
  decode,
};

/** As many topics in each as fit. */
function batchesOf(topics: readonly Topic[]): readonly (readonly Topic[])[] {
  const batches: Topic[][] = [];
  let chars = Infinity;
  for (const topic of topics) {
    chars += topic.length + 3;
    if (chars > REQUEST_CHARS) {
      batches.push([]);
      chars = FRAME_CHARS + topic.length + 3;
    }
    batches.at(-1)?.push(topic);
  }
  return batches;
}

/** One row, and its last column is 0: a string with a bracket in it proves nothing either. */
function isUnfinished(bytes: Buffer, start = 0, end = bytes.length): boolean {
  const frame = bytes.subarray(start, end);
  if (frame.toString('latin1', 0, 5) !== '["c",' || !frame.toString('latin1', frame.length - 6).endsWith(',0]]]'))
    return false;
  let brackets = 0;
  for (const byte of frame) if (byte === BRACKET) brackets++;
  return brackets === 3;
}

function decode(frame: Buffer): readonly StreamMessage[] {
  const text = frame.toString('utf8');
  if (text === 'pong') return [{ kind: 'ignored' }];
  const message = isUtf8(frame) ? parse(text) : undefined;
  if (!Array.isArray(message)) return malformed('not a list');
  const [kind, ...rest] = message as readonly unknown[];
  switch (kind) {
    case 'c':
      return candlesOf(rest);
    case 'ok':
    case 'no':
      return replyOf(kind, rest);
    case 'bye':
      return [{ kind: 'going away' }];
    default:
      return typeof kind === 'string' ? [{ kind: 'ignored' }] : malformed('a list of no kind');
  }
}

function candlesOf([symbol, interval, rows]: readonly unknown[]): readonly StreamMessage[] {
  if (typeof symbol !== 'string' || symbol === '' || !isInterval(interval)) return malformed('no series');
  if (!Array.isArray(rows)) return malformed('no rows');
  return (rows as readonly unknown[]).map((row): StreamMessage => {
    const read = toyCandle(row, { symbol, interval, source: 'stream' });
    if (typeof read === 'string') return { kind: 'malformed', reason: read };
    return { kind: 'candle', candle: read.candle, finality: read.final ? 'final' : 'running', eventTime: null };
  });
}

function replyOf(kind: 'ok' | 'no', [id, topic, reason]: readonly unknown[]): readonly StreamMessage[] {
  if (typeof id !== 'string' || typeof topic !== 'string') return malformed('a reply to nothing');
  const about = { id, topics: [topic] };
  return [kind === 'ok' ? { kind: 'ack', ...about } : { kind: 'rejected', ...about, reason: String(reason) }];
}

function malformed(reason: string): readonly StreamMessage[] {
  return [{ kind: 'malformed', reason }];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
