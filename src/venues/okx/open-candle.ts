import { LOST, after } from '../frame-bytes.ts';
import { OKX_INTERVALS, barOf } from './bars.ts';

/** Longer than any frame of one row: a number has at most some twenty digits. */
const MOST_BYTES = 400;
const CHANNEL = Buffer.from('{"arg":{"channel":"candle');
const BARS = OKX_INTERVALS.map((interval) => Buffer.from(`${barOf(interval)}","instId":"`));
const ROW = Buffer.from('"},"data":[["');
const NEXT_COLUMN = Buffer.from('","');
/** Of the columns between the time and the last one, all are numbers. */
const NUMBERS = 7;
const OPEN_END = Buffer.from('0"]]}');

const QUOTE = 0x22;
const HYPHEN = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;

/**
 * True only where the bytes prove that the frame tells one candle that still runs: one row of nine columns, all of them
 * plain decimals, with the last `"0"`, spelt as OKX does (recording of 2023-11-25), to the last byte.
 */
export function isOpenCandle(bytes: Buffer, start = 0, end = bytes.length): boolean {
  if (end - start > MOST_BYTES) return false;
  const name = afterBar(bytes, after(bytes, start, CHANNEL));
  const time = after(bytes, afterName(bytes, name), ROW);
  let at = after(bytes, afterTime(bytes, time), NEXT_COLUMN);
  for (let column = 0; column < NUMBERS; column++) at = after(bytes, afterNumber(bytes, at), NEXT_COLUMN);
  return after(bytes, at, OPEN_END) === end;
}

function afterBar(bytes: Buffer, at: number): number {
  for (const bar of BARS) {
    const next = after(bytes, at, bar);
    if (next !== LOST) return next;
  }
  return LOST;
}

function afterName(bytes: Buffer, from: number): number {
  let at = from;
  while (isInName(bytes[at] ?? QUOTE)) at++;
  return at === from ? LOST : at;
}

/** Digits, capital and small letters, `-` and `_`: nothing of it is escaped, and no bracket or quote part of a text. */
function isInName(byte: number): boolean {
  return isDigit(byte) || byte === HYPHEN || byte === 0x5f || ((byte & 0xdf) >= 0x41 && (byte & 0xdf) <= 0x5a);
}

/** Milliseconds since 1970, of this time or another. */
function afterTime(bytes: Buffer, from: number): number {
  const at = afterDigits(bytes, from);
  return bytes[from] !== ZERO && (at === from + 12 || at === from + 13) ? at : LOST;
}

function afterNumber(bytes: Buffer, from: number): number {
  const at = afterDigits(bytes, from);
  return bytes[at] === POINT ? afterDigits(bytes, at + 1) : at;
}

/** One digit or more. */
function afterDigits(bytes: Buffer, from: number): number {
  let at = from;
  while (isDigit(bytes[at] ?? QUOTE)) at++;
  return at === from ? LOST : at;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}
