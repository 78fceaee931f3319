import { LOST, after, countOf } from '../frame-bytes.ts';

const SPELLINGS = ['{"topic":"kline.', '{"type":"snapshot","topic":"kline.'].map((text) => Buffer.from(text));
const BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const LETTER_F = 0x66;
const LETTER_U = 0x75;
const OPEN = Buffer.from('"confirm":false');
const TRUE = Buffer.from('true');

/**
 * True only where the bytes prove that all candles of a frame are running: it begins as kline frames were recorded on
 * `linear` and on `spot`, has no `true` anywhere, without which no close can be written, and one `"confirm":false` for
 * each object in it. A brace in a text makes one too many.
 *
 * Looks for letters of which a candle has two.
 */
export function isOpenKline(bytes: Buffer, start = 0, end = bytes.length): boolean {
  if (bytes[end - 1] !== CLOSING_BRACE || !SPELLINGS.some((text) => after(bytes, start, text) !== LOST)) return false;
  const candles = countOf(bytes, { byte: BRACE, start, end }, () => true) - 1;
  if (candles < 1 || countOf(bytes, { byte: LETTER_F, start, end }, isOpenFlag) !== candles) return false;
  return countOf(bytes, { byte: LETTER_U, start, end }, isTrue) === 0;
}

/** Whether this `f` is that of `confirm`, and it is `false`. */
function isOpenFlag(bytes: Buffer, f: number): boolean {
  return after(bytes, f - OPEN.indexOf(LETTER_F), OPEN) !== LOST;
}

function isTrue(bytes: Buffer, u: number): boolean {
  return after(bytes, u - TRUE.indexOf(LETTER_U), TRUE) !== LOST;
}
