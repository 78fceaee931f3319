import { powerOf } from '../../core/decimal.ts';

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const TRUE = bytesOf('true');
const FALSE = bytesOf('false');
const T = 0x74;
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
export class FrameReader {
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
