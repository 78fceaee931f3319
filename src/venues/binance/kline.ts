import { makeCandle, unusableBecause, type Candle, type VenueId } from '../../core/candle.ts';
import { closeTimeOf, isInterval, openTimeAt, type Interval } from '../../core/interval.ts';
import type { CandleMessage, StreamMessage } from '../../ports/stream-protocol.ts';
import { countOf, isText, isWireObject, numberOf, timeOf, type WireObject } from '../values.ts';

type Malformed = Extract<StreamMessage, { readonly kind: 'malformed' }>;

/**
 * A kline event as Binance sends it, checked field by field. Fields we do not know are let be.
 *
 * ```json
 * {"e":"kline","E":1719765540037,"s":"BTCUSDT","k":{"t":1719765480000,"T":1719765539999,"s":"BTCUSDT","i":"1m",
 *  "f":5122041311,"L":5122041728,"o":"61607.90","c":"61624.90","h":"61624.90","l":"61605.30","v":"16.710","n":418,
 *  "x":true,"q":"1029521.00470","V":"12.571","Q":"774523.56400","B":"0"}}
 * ```
 *
 * @see https://github.com/binance/binance-spot-api-docs/blob/master/web-socket-streams.md, read on 2026-11-22
 */
export function decodeKline(event: WireObject, venue: VenueId): CandleMessage | Malformed {
  const k = event['k'];
  if (!isWireObject(k)) return malformed('kline event without k');
  const eventTime = timeOf(event['E']);
  const closed = k['x'];
  if (typeof closed !== 'boolean') return malformed('k.x is not a boolean');
  if (eventTime === undefined) return malformed('E is not a time');
  if (event['s'] !== undefined && event['s'] !== k['s']) return malformed('s and k.s differ');
  const candle = candleOf(k, venue);
  if (typeof candle === 'string') return malformed(candle);
  return { kind: 'candle', candle, finality: finalityOf(closed), eventTime };
}

/** The candle, or what is wrong with it. */
function candleOf(k: WireObject, venue: VenueId): Candle | string {
  const { s: symbol, i: interval } = k;
  const timestamp = timeOf(k['t']);
  const closeTime = timeOf(k['T']);
  if (!isText(symbol)) return 'k.s is not a symbol';
  if (!isInterval(interval)) return 'k.i is not an interval';
  if (timestamp === undefined) return 'k.t is not a time';
  if (closeTime === undefined) return 'k.T is not a time';
  const candle = makeCandle({
    venue,
    symbol,
    interval,
    timestamp,
    closeTime,
    open: numberOf(k['o']),
    high: numberOf(k['h']),
    low: numberOf(k['l']),
    close: numberOf(k['c']),
    volume: numberOf(k['v']),
    quoteVolume: numberOf(k['q']),
    trades: countOf(k['n']),
    takerBuyVolume: numberOf(k['V']),
    takerBuyQuoteVolume: numberOf(k['Q']),
    source: 'stream',
  });
  return unusableBecause(candle) ?? candle;
}

export function finalityOf(closed: boolean): CandleMessage['finality'] {
  return closed ? 'final' : 'running';
}

/** Whether two times are those of an ordinary candle. The grid of `3d` differs by symbol: only its length is checked. */
export function isOnGrid(timestamp: number, closeTime: unknown, interval: Interval): boolean {
  if (closeTimeOf(timestamp, interval) !== closeTime) return false;
  return interval === '3d' || openTimeAt(timestamp, interval) === timestamp;
}

export function malformed(reason: string): Malformed {
  return { kind: 'malformed', reason };
}
