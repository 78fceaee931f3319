import type { VenueId } from '../core/candle.ts';
import type { StreamMessage, StreamProtocol, StreamRequest } from '../ports/stream-protocol.ts';
import { binanceCodec } from './binance.ts';
import type { Decoded, StreamLimits } from './venue.ts';

const FIVE_MINUTES = 300_000;

/** The stream half of a Binance market: one route for all topics, one acknowledgement a request, WebSocket pings. */
export function binanceStream(venue: VenueId, limits: StreamLimits): StreamProtocol {
  const { topicOf, encode, isProvablyOpen, decode } = binanceCodec(venue);
  return {
    urlOf: (endpoint) => `${endpoint.replace(/\/+$/, '')}/stream`,
    topicOf: ({ symbol, interval }) => topicOf(symbol, interval),
    keepAlive: { ping: 'frame' },
    limits: {
      topicsPerConnection: limits.topicsPerConnection,
      topicCharsPerConnection: Infinity,
      sends: [{ limit: limits.messagesPerSecond, windowMs: 1000, countsPings: true }],
      connects: { limit: limits.attemptsPerFiveMinutes, windowMs: FIVE_MINUTES },
    },
    requests: (verb, topics, nextId) =>
      batchesOf(topics, limits.topicsPerRequest).map((batch): StreamRequest => {
        const id = nextId();
        const method = verb === 'subscribe' ? 'SUBSCRIBE' : 'UNSUBSCRIBE';
        return { id, topics: batch, text: encode(method, batch, Number(id)) };
      }),
    isUnfinished: isProvablyOpen,
    decode: (frame) => [messageOf(decode(frame))],
  };
}

function messageOf(message: Decoded): StreamMessage {
  switch (message.kind) {
    case 'kline': {
      const { candle, closed, eventTime } = message;
      return { kind: 'candle', candle, finality: closed ? 'final' : 'running', eventTime };
    }
    case 'reply': {
      const about = message.id === null ? {} : { id: String(message.id) };
      return message.error === null ? { kind: 'ack', ...about } : { kind: 'rejected', ...about, reason: message.error };
    }
    case 'shutdown':
      return { kind: 'going away' };
    case 'other':
      return { kind: 'ignored' };
    default:
      return message;
  }
}

function batchesOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
