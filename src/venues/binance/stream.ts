import type { VenueId } from '../../core/candle.ts';
import type { SeriesKey, StreamProtocol, StreamRequest, Topic } from '../../ports/stream-protocol.ts';
import { decode } from './decode.ts';
import { isOpenKline } from './open-kline.ts';

/** Limits of one Binance market, each with a margin below the exchange's own. */
export interface BinanceStream {
  readonly topicsPerConnection: number;
  /** 200 in one frame were acknowledged in a public recording; no document names a limit. */
  readonly topicsPerRequest: number;
  /** Pings and pongs count. */
  readonly messagesPerSecond: number;
}

/** The exchange allows 300 in five minutes. */
const CONNECTS = { limit: 250, windowMs: 300_000 };
const PRINTABLE_ASCII = /^[ -~]*$/;

/**
 * The stream half of a Binance market: one route for all topics, one acknowledgement a request, WebSocket pings.
 *
 * @see https://github.com/binance/binance-spot-api-docs/blob/master/web-socket-streams.md, read on 2026-11-22
 */
export function binanceStream(venue: VenueId, limits: BinanceStream): StreamProtocol {
  return {
    urlOf: (endpoint) => `${endpoint.replace(/\/+$/, '')}/stream`,
    topicOf,
    keepAlive: { ping: 'frame' },
    limits: {
      topicsPerConnection: limits.topicsPerConnection,
      topicCharsPerConnection: Infinity,
      sends: [{ limit: limits.messagesPerSecond, windowMs: 1000, countsPings: true }],
      connects: CONNECTS,
    },
    requests: (verb, topics, { nextId }) =>
      batchesOf(topics, limits.topicsPerRequest).map((batch): StreamRequest => {
        const id = nextId();
        return { id, topics: batch, text: encode(verb, batch, id) };
      }),
    isUnfinished: isOpenKline,
    decode: (frame) => [decode(frame, venue)],
  };
}

/** Only ASCII letters have a lower case here: symbols of other scripts are names as they stand. */
function topicOf({ symbol, interval }: SeriesKey): Topic {
  const name = PRINTABLE_ASCII.test(symbol)
    ? symbol.toLowerCase()
    : symbol.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return `${name}@kline_${interval}`;
}

function encode(verb: 'subscribe' | 'unsubscribe', topics: readonly Topic[], id: string): string {
  return JSON.stringify({ method: verb.toUpperCase(), params: topics, id: Number(id) });
}

function batchesOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
