import type { StreamMessage } from '../../ports/stream-protocol.ts';
import { isText, isWireObject, type WireObject } from '../values.ts';
import { malformed, objectIn } from '../wire-frame.ts';
import { intervalOfChannel } from './bars.ts';
import { replyOf } from './reply.ts';
import { readRow } from './row.ts';

/** "The connection will soon be closed for a service upgrade." */
const UPGRADE = '64008';
const PONG = Buffer.from('pong');

/**
 * What a frame says: rows of a channel, a reply, a notice, or the `pong` that answers our `ping`.
 *
 * ```json
 * {"arg":{"channel":"candle1m","instId":"XCH-USDT-SWAP"},"data":[["1700931960000","26.2","26.2","26.2","26.2","307","3.07","80.434","0"]]}
 * {"id":"1512","event":"subscribe","arg":{"channel":"candle1m","instId":"BTC-USDT-SWAP"},"connId":"a4d3ae55"}
 * {"event":"notice","code":"64008","msg":"The connection will soon be closed for a service upgrade. Please reconnect.","connId":"a4d3ae55"}
 * ```
 *
 * @see https://www.okx.com/docs-v5/en/#order-book-trading-market-data-ws-candlesticks-channel, copy of 2026-07-08
 * @see https://www.okx.com/docs-v5/en/#overview-websocket-notification, for the notice: 60 s ahead, promised for
 *   `/public` and `/private` alone
 */
export function decode(frame: Buffer): readonly StreamMessage[] {
  if (frame.equals(PONG)) return [{ kind: 'ignored' }];
  const message = objectIn(frame);
  if (typeof message === 'string') return [malformed(message)];
  if ('data' in message) return candlesOf(message);
  return 'event' in message ? eventOf(message) : [malformed('neither data nor an event')];
}

function candlesOf({ arg, data }: WireObject): readonly StreamMessage[] {
  if (!isWireObject(arg)) return [malformed('data without arg')];
  const { channel, instId: symbol } = arg;
  const interval = intervalOfChannel(channel);
  if (interval === undefined) return isText(channel) ? [{ kind: 'ignored' }] : [malformed('data of no channel')];
  if (!isText(symbol)) return [malformed('candles of no instrument')];
  if (!Array.isArray(data)) return [malformed('candles are not a list')];
  return (data as readonly unknown[]).map((row): StreamMessage => {
    if (!Array.isArray(row)) return malformed('a row is not a list');
    const read = readRow(row as readonly unknown[], { symbol, interval, source: 'stream' });
    if (read.candle === undefined) return malformed(read.reason);
    return { kind: 'candle', candle: read.candle, finality: read.finality, eventTime: null };
  });
}

function eventOf(message: WireObject): readonly StreamMessage[] {
  switch (message['event']) {
    case 'subscribe':
    case 'unsubscribe':
    case 'error':
      return [replyOf(message)];
    case 'notice':
      return [message['code'] === UPGRADE ? { kind: 'going away' } : { kind: 'ignored' }];
    default:
      return isText(message['event']) ? [{ kind: 'ignored' }] : [malformed('an event without a name')];
  }
}
