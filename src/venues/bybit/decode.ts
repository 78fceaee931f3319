import type { VenueId } from '../../core/candle.ts';
import type { CandleMessage, StreamMessage } from '../../ports/stream-protocol.ts';
import { isWireObject, timeOf, type WireObject } from '../values.ts';
import { malformed, objectIn } from '../wire-frame.ts';
import { candleOf, type Series } from './candle.ts';
import { intervalOf } from './interval-code.ts';
import { replyOf } from './reply.ts';

/** `kline.1.BTCUSDT`, `kline.D.BTCUSDT-25DEC26` */
const KLINE_TOPIC = /^kline\.([^.]+)\.(.+)$/;

/**
 * What one frame says. A kline frame may hold several candles: `linear` sends the one that closed and the one that opened
 * together, `spot` each by itself and with its members in another order. What the topic does not say, the socket does:
 * each category has its own.
 *
 * ```json
 * {"topic":"kline.1.SOLUSDT","data":[
 *  {"start":1786310760000,"end":1786310819999,"interval":"1","open":"77.28","close":"77.31","high":"77.31","low":"77.28",
 *   "volume":"1252.7","turnover":"96823.3","confirm":true,"timestamp":1786310821005},
 *  {"start":1786310820000,"end":1786310879999,"interval":"1","open":"77.31","close":"77.31","high":"77.31","low":"77.31",
 *   "volume":"0","turnover":"0","confirm":false,"timestamp":1786310821005}],"ts":1786310821005,"type":"snapshot"}
 * ```
 *
 * @see https://bybit-exchange.github.io/docs/v5/websocket/public/kline, read on 2026-07-24; the frame was recorded on
 *   2026-08-09 (https://github.com/bmoscon/cryptofeed, sample_data/BYBIT.jsonl.zst)
 */
export function decode(frame: Buffer, venue: VenueId): readonly StreamMessage[] {
  const message = objectIn(frame);
  if (typeof message === 'string') return [malformed(message)];
  const { topic } = message;
  if (topic === undefined) return [replyOf(message) ?? malformed('neither data nor a reply')];
  if (typeof topic !== 'string') return [malformed('topic is not a text')];
  return topic.startsWith('kline.') ? klinesOf(topic, message, venue) : [{ kind: 'ignored' }];
}

function klinesOf(topic: string, { data, ts }: WireObject, venue: VenueId): readonly StreamMessage[] {
  const [, code, symbol] = KLINE_TOPIC.exec(topic) ?? [];
  const interval = intervalOf(code);
  if (symbol === undefined || interval === undefined) return [malformed('the topic names no series')];
  if (!Array.isArray(data) || data.length === 0) return [malformed('a kline topic without candles')];
  const eventTime = timeOf(ts) ?? null;
  return (data as readonly unknown[]).map((kline) => klineOf(kline, { venue, symbol, interval }, { code, eventTime }));
}

function klineOf(
  kline: unknown,
  series: Series,
  { code, eventTime }: { readonly code: unknown; readonly eventTime: CandleMessage['eventTime'] },
): StreamMessage {
  if (!isWireObject(kline)) return malformed('a candle is not an object');
  const { interval, confirm } = kline;
  const timestamp = timeOf(kline['start']);
  const closeTime = timeOf(kline['end']);
  if (typeof confirm !== 'boolean') return malformed('confirm is not a boolean');
  if (interval !== code) return malformed('interval is not that of the topic');
  if (timestamp === undefined || closeTime === undefined) return malformed('start or end is not a time');
  const { open, high, low, close, volume, turnover } = kline;
  const candle = candleOf(series, { timestamp, closeTime, open, high, low, close, volume, turnover, source: 'stream' });
  if (typeof candle === 'string') return malformed(candle);
  return { kind: 'candle', candle, finality: confirm ? 'final' : 'running', eventTime };
}
