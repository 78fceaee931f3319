import type { VenueId } from '../../core/candle.ts';
import type { SeriesKey, StreamProtocol, StreamRequest, Topic } from '../../ports/stream-protocol.ts';
import { decode } from './decode.ts';
import { codeOf } from './interval-code.ts';
import { isOpenKline } from './open-kline.ts';
import { requestId } from './reply.ts';

/**
 * The stream half of a Bybit market: one URL for each category, a ping in JSON, one reply a request.
 *
 * Every request asks for one topic. Bybit refuses a request for many when it refuses one of them, and then serves none;
 * so a topic that is refused costs itself alone. It also keeps within the ten that spot allows in a request. How many
 * requests a second it takes no document says: the number is ours.
 *
 * The names of all topics of a connection may have 21,000 characters together, an address may open 500 connections in five
 * minutes. A connection is cut after ten minutes without traffic; a ping every 20 s is what Bybit asks for.
 *
 * @see https://bybit-exchange.github.io/docs/v5/ws/connect, read on 2026-07-24
 */
export function bybitStream(venue: VenueId, category: string): StreamProtocol {
  return {
    urlOf: (endpoint) => `${endpoint.replace(/\/+$/, '')}/v5/public/${category}`,
    topicOf,
    keepAlive: { ping: 'text', text: '{"op":"ping"}', everyMs: 20_000 },
    limits: {
      topicsPerConnection: 100,
      // Quotes and commas left aside, which are 300 for as many topics.
      topicCharsPerConnection: 20_000,
      sends: [{ limit: 25, windowMs: 1000, countsPings: true }],
      connects: { limit: 400, windowMs: 300_000 },
    },
    requests: (verb, topics, { nextId }) => topics.map((topic) => requestOf(verb, topic, nextId())),
    isUnfinished: isOpenKline,
    decode: (frame) => decode(frame, venue),
  };
}

function topicOf({ symbol, interval }: SeriesKey): Topic {
  return `kline.${codeOf(interval)}.${symbol}`;
}

function requestOf(verb: 'subscribe' | 'unsubscribe', topic: Topic, number: string): StreamRequest {
  const id = requestId(number, topic);
  return { id, topics: [topic], text: JSON.stringify({ req_id: id, op: verb, args: [topic] }) };
}
