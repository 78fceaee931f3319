import type { VenueId } from '../../core/candle.ts';
import type { StreamMessage } from '../../ports/stream-protocol.ts';
import { decodeKline } from './kline.ts';
import { readKlineFrame } from './kline-frame.ts';
import { isWireObject, type WireObject } from '../values.ts';
import { malformed, objectIn } from '../wire-frame.ts';

/** What one frame of a Binance stream says: always one thing. */
export function decode(frame: Buffer, venue: VenueId): StreamMessage {
  return readKlineFrame(frame, venue) ?? decodeJson(frame, venue);
}

function decodeJson(frame: Buffer, venue: VenueId): StreamMessage {
  const message = objectIn(frame);
  if (typeof message === 'string') return malformed(message);
  const event = 'stream' in message ? message['data'] : message;
  if (!isWireObject(event)) return Array.isArray(event) ? { kind: 'ignored' } : malformed('no data in the envelope');
  return decodeEvent(event, venue);
}

function decodeEvent(event: WireObject, venue: VenueId): StreamMessage {
  const name = event['e'];
  if (name === 'kline') return decodeKline(event, venue);
  if (name === 'serverShutdown') return { kind: 'going away' };
  if (typeof name === 'string') return { kind: 'ignored' };
  return decodeReply(event);
}

/** Errors are nested on the wire and flat in the documentation; both are understood, with and without an id. */
function decodeReply(reply: WireObject): StreamMessage {
  const { id, error } = reply;
  const about = typeof id === 'number' ? { id: String(id) } : {};
  if (isWireObject(error)) return { kind: 'rejected', ...about, reason: describe(error) };
  if ('code' in reply && 'msg' in reply) return { kind: 'rejected', ...about, reason: describe(reply) };
  return 'result' in reply ? { kind: 'ack', ...about } : malformed('neither an event nor a reply');
}

function describe(error: WireObject): string {
  return `${String(error['code'])}: ${String(error['msg'])}`;
}
