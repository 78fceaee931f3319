import { makeCandle, unusableBecause, type VenueId } from '../../core/candle.ts';
import { powerOf } from '../../core/decimal.ts';
import { closeTimeOf, isInterval } from '../../core/interval.ts';
import type { CandleMessage } from '../../ports/stream-protocol.ts';
import { finalityOf, isOnGrid } from './kline.ts';
import { isTime } from '../values.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

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

const TRUE = bytesOf('true');
const FALSE = bytesOf('false');
const T = 0x74;

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
  const interval = bytes.skip(BEFORE.interval).text();
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
  if (!bytes.isAtEnd || nameAt === nameEnd || !isInterval(interval)) return undefined;
  if (!isTime(eventTime) || !isTime(timestamp) || !isOnGrid(timestamp, closeTime, interval)) return undefined;
  const symbol = frame.toString('latin1', nameAt, nameEnd);
  const candle = makeCandle({
    venue, symbol, interval, timestamp, closeTime: closeTimeOf(timestamp, interval), open, high, low, close, volume,
    quoteVolume, trades, takerBuyVolume, takerBuyQuoteVolume, source: 'stream',
  }); // prettier-ignore
  if (unusableBecause(candle) !== undefined) return undefined;
  return { kind: 'candle', candle, finality: finalityOf(closed), eventTime };
}

/** Beyond the end of any frame: where a reader stands that has met something else than expected. */
const LOST = 2 ** 30;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;

/** What JSON takes for white space. */
function isWhite(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Marks around which white space may stand; in our own words none of them is part of a string. */
function isMark(byte: number | undefined): boolean {
  return byte === COMMA || byte === COLON || byte === 0x7b || byte === 0x7d;
}

/** Goes through a frame from value to value; once something else than expected has come, it is lost for good. */
class FrameReader {
  at = 0;
  readonly #frame: Buffer;

  constructor(frame: Buffer) {
    this.#frame = frame;
  }

  get isAtEnd(): boolean {
    return this.at === this.#frame.length;
  }

  skip(expected: Uint8Array): this {
    for (let index = 0; index < expected.length; index++) {
      if (this.#frame[this.at] !== expected[index] && !this.#skipWhite(expected, index)) return this.#lose();
      this.at++;
    }
    if (expected[expected.length - 1] === COLON) this.#toToken();
    return this;
  }

  /** A text with what comes before it, if it is there: real frames of spot lack `B` at times. */
  skipMember(expected: Uint8Array): this {
    const from = this.at;
    if (this.skip(expected).at !== LOST) return this.skipText();
    this.at = from;
    return this;
  }

  /** Whether there was white space, where JSON allows it, and then what is expected. */
  #skipWhite(expected: Uint8Array, index: number): boolean {
    if (!isMark(expected[index]) && !isMark(expected[index - 1])) return false;
    this.#toToken();
    return this.#frame[this.at] === expected[index];
  }

  #toToken(): void {
    while (isWhite(this.#byte())) this.at++;
  }

  /** The same bytes once more. */
  skipAgain(from: number, to: number): this {
    for (let at = from; at < to; at++) if (this.#frame[this.at++] !== this.#frame[at]) return this.#lose();
    return this;
  }

  /** Up to the closing quote; ASCII without escapes, which means the same in JSON and as it stands. */
  skipText(): this {
    for (let byte = this.#byte(); byte !== QUOTE; byte = this.#byte()) {
      if (byte >= 0x20 && byte < 0x7f && byte !== BACKSLASH) this.at++;
      else return this.#lose();
    }
    return this;
  }

  text(): string {
    const from = this.at;
    return this.skipText().at === LOST ? '' : this.#frame.toString('latin1', from, this.at);
  }

  truth(): boolean {
    const isTrue = this.#byte() === T;
    this.skip(isTrue ? TRUE : FALSE);
    return isTrue;
  }

  /** A whole number as JSON writes it: no sign, and no zero before other digits. */
  whole(): number {
    const from = this.at;
    const startsWithZero = this.#byte() === ZERO;
    const value = this.#digits(0);
    if (value > Number.MAX_SAFE_INTEGER || (startsWithZero && this.at > from + 1)) this.#lose();
    return value;
  }

  skipWhole(): this {
    if (this.#byte() === MINUS) this.at++;
    this.whole();
    return this;
  }

  /** One division of two exact numbers gives the number nearest to the decimal, which is what `Number(text)` gives. */
  decimal(): number {
    let units = this.#digits(0);
    let decimals = 0;
    if (this.#byte() === POINT) {
      const from = ++this.at;
      units = this.#digits(units);
      decimals = this.at - from;
    }
    if (units > Number.MAX_SAFE_INTEGER) this.#lose();
    return units / powerOf(decimals);
  }

  /** One digit or more, written behind the digits of `whole`. Too many make a number too large to be exact. */
  #digits(whole: number): number {
    const from = this.at;
    let value = whole;
    for (let digit = this.#byte() - ZERO; digit >= 0 && digit <= 9; digit = this.#byte() - ZERO) {
      value = value * 10 + digit;
      this.at++;
    }
    if (this.at === from) this.#lose();
    return value;
  }

  /** 0 past the end. */
  #byte(): number {
    return this.#frame[this.at] ?? 0;
  }

  #lose(): this {
    this.at = LOST;
    return this;
  }
}
