import { isUtf8 } from 'node:buffer';
import type { VenueId } from '../core/candle.ts';
import type { Interval } from '../core/interval.ts';
import { decodeKline, malformed } from './binance-kline.ts';
import { readKlineFrame } from './binance-kline-frame.ts';
import { isOpenKline } from './binance-open-kline.ts';
import { isWireObject, type WireObject } from './binance-values.ts';
import type { Decoded, Topic, Venue } from './venue.ts';

/** Every candle length of the futures markets; spot adds `1s`. */
export const FUTURES_INTERVALS: readonly Interval[] = [
  '1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '8h', '12h', '1d', '3d', '1w', '1M',
]; // prettier-ignore

/** How long a pause of a symbol may last before it counts as delisted where the status does not say. */
const WEEK_MS = 7 * 86_400_000;

const PRINTABLE_ASCII = /^[ -~]*$/;

/**
 * How all Binance markets name, ask for and send klines.
 *
 * @see https://github.com/binance/binance-spot-api-docs/blob/master/web-socket-streams.md, read on 2026-11-22
 */
export function binanceCodec(
  venue: VenueId,
): Pick<Venue, 'topicOf' | 'encode' | 'isProvablyOpen' | 'decode' | 'longestPauseMs'> {
  return {
    longestPauseMs: WEEK_MS,
    topicOf,
    encode,
    isProvablyOpen: isOpenKline,
    decode: (frame) => decode(frame, venue),
  };
}

/**
 * Weight of a futures klines request: measured on 2026-10-07, where 100 and 500 still cost the lower band (the
 * documentation's bands begin one row earlier).
 */
export function futuresKlinesWeight(limit: number): number {
  if (limit <= 100) return 1;
  if (limit <= 500) return 2;
  return limit <= 1000 ? 5 : 10;
}

/** Only ASCII letters have a lower case here: symbols of other scripts are names as they stand. */
function topicOf(symbol: string, interval: Interval): Topic {
  const name = PRINTABLE_ASCII.test(symbol)
    ? symbol.toLowerCase()
    : symbol.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return `${name}@kline_${interval}`;
}

function encode(verb: 'SUBSCRIBE' | 'UNSUBSCRIBE', topics: readonly Topic[], id: number): string {
  return JSON.stringify({ method: verb, params: topics, id });
}

function decode(frame: Buffer, venue: VenueId): Decoded {
  return readKlineFrame(frame, venue) ?? decodeJson(frame, venue);
}

function decodeJson(frame: Buffer, venue: VenueId): Decoded {
  if (!isUtf8(frame)) return malformed('not UTF-8');
  const message = parse(frame);
  if (!isWireObject(message)) return malformed('not a JSON object');
  const event = 'stream' in message ? message['data'] : message;
  if (!isWireObject(event)) return Array.isArray(event) ? { kind: 'other' } : malformed('no data in the envelope');
  return decodeEvent(event, venue);
}

function decodeEvent(event: WireObject, venue: VenueId): Decoded {
  const name = event['e'];
  if (name === 'kline') return decodeKline(event, venue);
  if (name === 'serverShutdown') return { kind: 'shutdown' };
  if (typeof name === 'string') return { kind: 'other' };
  return decodeReply(event);
}

/** Errors are nested on the wire and flat in the documentation; both are understood, with and without an id. */
function decodeReply(reply: WireObject): Decoded {
  const { id, error } = reply;
  const requestId = typeof id === 'number' ? id : null;
  if (isWireObject(error)) return { kind: 'reply', id: requestId, error: describe(error) };
  if ('code' in reply && 'msg' in reply) return { kind: 'reply', id: requestId, error: describe(reply) };
  return 'result' in reply ? { kind: 'reply', id: requestId, error: null } : malformed('neither an event nor a reply');
}

function describe(error: WireObject): string {
  return `${String(error['code'])}: ${String(error['msg'])}`;
}

function parse(frame: Buffer): unknown {
  try {
    return JSON.parse(frame.toString('utf8'));
  } catch {
    return undefined;
  }
}
