import { makeCandle, unusableBecause, type VenueId } from '../../core/candle.ts';
import { closeTimeOf, intervalNamed } from '../../core/interval.ts';
import type { CandleMessage } from '../../ports/stream-protocol.ts';
import { FrameReader, bytesOf } from './frame-reader.ts';
import { finalityOf, isOnGrid } from './kline.ts';
import { isTime } from '../values.ts';

/**
 * What stands between the values of a kline in its envelope, in the order in which Binance writes them. Outside its
 * strings there may be white space as well: USDⓈ-M writes a space after each comma inside `k`.
 */
const BEFORE = {
  topic: bytesOf('{"stream":"'),
  eventTime: bytesOf('","data":{"e":"kline","E":'),
  eventSymbol: bytesOf(',"s":"'),
  openTime: bytesOf('","k":{"t":'),
  closeTime: bytesOf(',"T":'),
  symbol: bytesOf(',"s":"'),
  interval: bytesOf('","i":"'),
  firstTrade: bytesOf('","f":'),
  lastTrade: bytesOf(',"L":'),
  open: bytesOf(',"o":"'),
  close: bytesOf('","c":"'),
  high: bytesOf('","h":"'),
  low: bytesOf('","l":"'),
  volume: bytesOf('","v":"'),
  trades: bytesOf('","n":'),
  closed: bytesOf(',"x":'),
  quoteVolume: bytesOf(',"q":"'),
  takerBuyVolume: bytesOf('","V":"'),
  takerBuyQuoteVolume: bytesOf('","Q":"'),
  ignored: bytesOf('","B":"'),
  end: bytesOf('"}}}'),
};

/**
 * Reads a kline whose members stand in Binance's order, however they are spaced, several times faster than `JSON.parse`
 * and the checks of every field. Undefined for any other frame, which is then to be parsed in full: another layout costs
 * speed, never a candle. What it answers is what the full way answers.
 */
export function readKlineFrame(frame: Buffer, venue: VenueId): CandleMessage | undefined {
  const bytes = new FrameReader(frame);
  bytes.skip(BEFORE.topic).skipText();
  const eventTime = bytes.skip(BEFORE.eventTime).whole();
  const nameAt = bytes.skip(BEFORE.eventSymbol).at;
  const nameEnd = bytes.skipText().at;
  const timestamp = bytes.skip(BEFORE.openTime).whole();
  const closeTime = bytes.skip(BEFORE.closeTime).whole();
  bytes.skip(BEFORE.symbol).skipAgain(nameAt, nameEnd);
  const interval = intervalNamed(bytes.skip(BEFORE.interval).text());
  bytes.skip(BEFORE.firstTrade).skipWhole().skip(BEFORE.lastTrade).skipWhole();
  const open = bytes.skip(BEFORE.open).decimal();
  const close = bytes.skip(BEFORE.close).decimal();
  const high = bytes.skip(BEFORE.high).decimal();
  const low = bytes.skip(BEFORE.low).decimal();
  const volume = bytes.skip(BEFORE.volume).decimal();
  const trades = bytes.skip(BEFORE.trades).whole();
  const closed = bytes.skip(BEFORE.closed).truth();
  const quoteVolume = bytes.skip(BEFORE.quoteVolume).decimal();
  const takerBuyVolume = bytes.skip(BEFORE.takerBuyVolume).decimal();
  const takerBuyQuoteVolume = bytes.skip(BEFORE.takerBuyQuoteVolume).decimal();
  bytes.skipMember(BEFORE.ignored).skip(BEFORE.end);
  if (!bytes.isAtEnd || nameAt === nameEnd || interval === undefined) return undefined;
  if (!isTime(eventTime) || !isTime(timestamp) || !isOnGrid(timestamp, closeTime, interval)) return undefined;
  const symbol = frame.toString('latin1', nameAt, nameEnd);
  const candle = makeCandle({
    venue, symbol, interval, timestamp, closeTime: closeTimeOf(timestamp, interval), open, high, low, close, volume,
    quoteVolume, trades, takerBuyVolume, takerBuyQuoteVolume, source: 'stream',
  }); // prettier-ignore
  if (unusableBecause(candle) !== undefined) return undefined;
  return { kind: 'candle', candle, finality: finalityOf(closed), eventTime };
}
