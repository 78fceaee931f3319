import type { Sending, StreamProtocol, StreamRequest, Topic } from '../../ports/stream-protocol.ts';
import { CANDLESTICKS, decode } from './decode.ts';
import { isOpenCandle } from './open-candle.ts';
import { payloadOf, topicOf } from './topic.ts';

/**
 * Gate's public stream: one URL for all pairs, one topic a request, replies matched by the request's id. A request has the
 * time at which it was sent, which must be within a minute of Gate's clock. WebSocket pings are answered.
 *
 * An address may have 300 connections. No document limits topics, public messages or connection attempts: the limits here
 * are our own.
 *
 * @see https://www.gate.com/docs/developers/apiv4/ws/en/#client-request and /apiv4/en/#frequency-limit-rule, copies of 2026-06-28
 */
export const gateStream: StreamProtocol = {
  urlOf: (endpoint) => `${endpoint.replace(/\/+$/, '')}/`,
  topicOf,
  keepAlive: { ping: 'frame' },
  limits: {
    topicsPerConnection: 100,
    topicCharsPerConnection: Infinity,
    sends: [{ limit: 25, windowMs: 1000, countsPings: true }],
    connects: { limit: 100, windowMs: 300_000 },
  },
  requests: (verb, topics, sending) => topics.map((topic) => requestOf(verb, topic, sending)),
  isUnfinished: isOpenCandle,
  decode,
};

function requestOf(event: 'subscribe' | 'unsubscribe', topic: Topic, { nextId, now }: Sending): StreamRequest {
  const id = nextId();
  const time = Math.floor(now / 1000);
  const request = { time, id: Number(id), channel: CANDLESTICKS, event, payload: payloadOf(topic) };
  return { id, topics: [topic], text: JSON.stringify(request) };
}
