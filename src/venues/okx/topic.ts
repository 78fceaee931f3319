import type { SeriesKey, Topic } from '../../ports/stream-protocol.ts';
import { isText, isWireObject } from '../values.ts';
import { barOf } from './bars.ts';

/** `candle1m:BTC-USDT-SWAP`: a channel and an instrument in one text. */
export function topicOf({ symbol, interval }: SeriesKey): Topic {
  return `candle${barOf(interval)}:${symbol}`;
}

/** What a request calls it: `{"channel":"candle1m","instId":"BTC-USDT-SWAP"}`. */
export function argOf(topic: Topic): { readonly channel: string; readonly instId: string } {
  const colon = topic.indexOf(':');
  return { channel: topic.slice(0, colon), instId: topic.slice(colon + 1) };
}

/** The topic of an `arg`; undefined where it names none. */
export function topicOfArg(arg: unknown): Topic | undefined {
  if (!isWireObject(arg)) return undefined;
  const { channel, instId } = arg;
  return isText(channel) && isText(instId) ? `${channel}:${instId}` : undefined;
}
