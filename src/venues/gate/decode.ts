import type { CandleMessage, StreamMessage } from '../../ports/stream-protocol.ts';
import { isCount, isText, isTime, isWireObject, type WireObject } from '../values.ts';
import { malformed, objectIn } from '../wire-frame.ts';
import { candleOf, openTimeOf } from './candle.ts';
import { seriesOf } from './topic.ts';

/** The channel of candles. */
export const CANDLESTICKS = 'spot.candlesticks';

/**
 * What a frame says: one candle, or the reply to a request.
 *
 * `w` is true in the frame that closes the candle. By the documentation that frame may be missing; the close is then fetched
 * over REST. Frames from before 2024-01-17 have no `w`.
 *
 * ```json
 * {"time":1606292600,"time_ms":1606292600376,"channel":"spot.candlesticks","event":"update","result":{"t":"1606292580",
 *  "v":"2362.32035","c":"19128.1","h":"19128.1","l":"19128.1","o":"19128.1","n":"1m_BTC_USDT","a":"3.8283","w":true}}
 * {"time":1611541000,"time_ms":1611541000001,"id":7,"channel":"spot.candlesticks","event":"subscribe","error":null,"result":{"status":"success"}}
 * ```
 *
 * @see https://www.gate.com/docs/developers/apiv4/ws/en/#candlesticks-channel and #server-response, copy of 2026-06-28
 */
export function decode(frame: Buffer): readonly StreamMessage[] {
  const message = objectIn(frame);
  return [typeof message === 'string' ? malformed(message) : messageOf(message)];
}

function messageOf(message: WireObject): StreamMessage {
  const { channel, event, result } = message;
  if (event === 'subscribe' || event === 'unsubscribe') return replyOf(message);
  if (channel !== CANDLESTICKS || event !== 'update')
    return isText(channel) ? { kind: 'ignored' } : malformed('no channel');
  return isWireObject(result) ? candleMessage(result, message['time_ms']) : malformed('an update of nothing');
}

/** `v` is the volume in the quote asset, `a` that in the base asset. */
function candleMessage({ t, o, h, l, c, v, a, n, w }: WireObject, at: unknown): StreamMessage {
  const series = seriesOf(n);
  const timestamp = openTimeOf(t);
  if (series === undefined) return isText(n) ? { kind: 'ignored' } : malformed('a candle of no series');
  if (timestamp === undefined) return malformed('t is not a time');
  const finality = finalityOf(w);
  if (finality === undefined) return malformed('w is not a boolean');
  const fields = { timestamp, open: o, high: h, low: l, close: c, base: a, quote: v };
  const candle = candleOf({ ...series, source: 'stream' }, fields);
  if (typeof candle === 'string') return malformed(candle);
  return { kind: 'candle', candle, finality, eventTime: isTime(at) ? at : null };
}

function finalityOf(w: unknown): CandleMessage['finality'] | undefined {
  if (w === undefined) return 'unknown';
  if (typeof w !== 'boolean') return undefined;
  return w ? 'final' : 'running';
}

/** Each request asks for one topic, so that a refusal concerns that topic alone. */
function replyOf({ id, error }: WireObject): StreamMessage {
  const about = isCount(id) ? { id: String(id) } : {};
  if (error === null || error === undefined) return { kind: 'ack', ...about };
  const { code, message } = isWireObject(error) ? error : {};
  return { kind: 'rejected', ...about, scope: 'topics', reason: `${String(code)}: ${String(message)}` };
}
