const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
/** Above digits, capitals and all punctuation but braces. */
const BEFORE_LETTERS = 0x60;
const LETTER_E = 0x65;
const LETTER_X = 0x78;

/** For each byte its place in a word of different letters; for all others 0, where they are not found to be the first. */
function placesIn(word: string): Uint8Array {
  const places = new Uint8Array(256);
  for (const [place, letter] of word.split('').entries()) places[letter.charCodeAt(0)] = place;
  return places;
}

const IN_TRUE = placesIn('true');
const IN_FALSE = placesIn('false');
const IN_KLINE = placesIn('kline');

const NOWHERE = -1;

/** Before these bytes no close can have its `true`, and no event its `"kline"`. */
const EARLIEST_IN_ENVELOPE = '{"stream":0,"data":{"e":"'.length;
const EARLIEST_WITHOUT = '{"e":"'.length;

/**
 * True only where the bytes prove that the frame is a kline that is not yet closed.
 *
 * A close needs the word `true`, which JSON cannot write in any other way. So a frame is unfinished that begins as an
 * event does (no answer does), says `kline`, has a member `x` that is `false`, and no member that is `true`: however it
 * is spaced, in whatever order its members stand, whatever members it has that we do not know. Words in strings are no
 * members. Everything else is to be decoded: it costs speed, never a candle.
 *
 * Looks backwards from the end, in steps of four bytes between which no word can hide. Allocates nothing. Unrolled
 * where most bytes are looked at, and each comparison stands by itself: a loop over a pattern takes as long as all the
 * rest.
 */
export function isOpenKline(frame: Buffer): boolean {
  const flag = openFlagOf(frame);
  if (flag === NOWHERE) return false;
  const first = firstPlaceOf(frame);
  return first !== NOWHERE && isKlineWithoutTrue(frame, flag - 1, first);
}

/** Where the last `"x":false` has its `false`; nowhere if a `true` comes first. */
function openFlagOf(frame: Buffer): number {
  for (let at = frame.length - 1; at >= 0; at -= 4) {
    if ((frame[at] ?? 0) <= BEFORE_LETTERS) continue;
    if (isTrueAt(frame, startOf(IN_TRUE, frame, at))) return NOWHERE;
    const word = startOf(IN_FALSE, frame, at);
    if (isFalseAt(frame, word) && isValueOf(LETTER_X, frame, word)) return word;
  }
  return NOWHERE;
}

/** Whether between the two places something says that it is a kline, and nothing is `true`. */
function isKlineWithoutTrue(frame: Buffer, from: number, first: number): boolean {
  let isKline = false;
  for (let at = from; ; at -= 4) {
    at = lateLetterAt(frame, at, first);
    if (at < 0) return isKline;
    if (isTrueAt(frame, startOf(IN_TRUE, frame, at))) return false;
    if (isKlineAt(frame, startOf(IN_KLINE, frame, at))) isKline = true;
  }
}

/** The next place from `from` down to `first`, in steps of four, that has a letter from e on. `kline` and `true` have no others. */
function lateLetterAt(frame: Buffer, from: number, first: number): number {
  let at = from;
  for (; at >= first + 12; at -= 16) {
    if (isLate(frame[at])) return at;
    if (isLate(frame[at - 4])) return at - 4;
    if (isLate(frame[at - 8])) return at - 8;
    if (isLate(frame[at - 12])) return at - 12;
  }
  for (; at >= first; at -= 4) if (isLate(frame[at])) return at;
  return NOWHERE;
}

function isLate(byte = 0): boolean {
  return byte >= LETTER_E;
}

/** Where the word begins, if the byte at this place is of that word. */
function startOf(places: Uint8Array, frame: Buffer, at: number): number {
  return at - (places[frame[at] ?? 0] ?? 0);
}

/** The value of a member comes after a colon or white space; in a string (`"trueusdt@kline_1m"`) it is no value. */
function isTrueAt(frame: Buffer, at: number): boolean {
  if (frame[at] !== 0x74 || frame[at + 1] !== 0x72) return false;
  if (frame[at + 2] !== 0x75 || frame[at + 3] !== 0x65) return false;
  return frame[at - 1] === COLON || isWhite(frame[at - 1]);
}

function isFalseAt(frame: Buffer, at: number): boolean {
  if (frame[at] !== 0x66 || frame[at + 1] !== 0x61 || frame[at + 2] !== 0x6c) return false;
  return frame[at + 3] === 0x73 && frame[at + 4] === 0x65;
}

/** `"e":"kline"`, from the k. */
function isKlineAt(frame: Buffer, at: number): boolean {
  if (frame[at] !== 0x6b || frame[at + 1] !== 0x6c || frame[at + 2] !== 0x69) return false;
  if (frame[at + 3] !== 0x6e || frame[at + 4] !== 0x65 || frame[at + 5] !== QUOTE) return false;
  return frame[at - 1] === QUOTE && isValueOf(LETTER_E, frame, at - 1);
}

/**
 * Whether the value at this place is that of a member with this one letter for a name. A quote after the letter is not
 * escaped, and so ends a string; the one before must not be, or the string would be longer.
 */
function isValueOf(letter: number, frame: Buffer, value: number): boolean {
  const colon = tokenBefore(frame, value);
  if (frame[colon] !== COLON) return false;
  const end = tokenBefore(frame, colon);
  if (frame[end] !== QUOTE || frame[end - 1] !== letter) return false;
  return frame[end - 2] === QUOTE && frame[end - 3] !== BACKSLASH;
}

/**
 * From where on a frame that begins with the member `stream` or `e` can tell of a kline and its close. No answer to a
 * request begins so.
 */
function firstPlaceOf(frame: Buffer): number {
  if (frame[0] !== 0x7b) return NOWHERE;
  let at = 1;
  while (isWhite(frame[at])) at++;
  if (frame[at] !== QUOTE) return NOWHERE;
  if (frame[at + 1] === LETTER_E && frame[at + 2] === QUOTE) return EARLIEST_WITHOUT;
  return isStreamAt(frame, at + 1) ? EARLIEST_IN_ENVELOPE : NOWHERE;
}

function isStreamAt(frame: Buffer, at: number): boolean {
  if (frame[at] !== 0x73 || frame[at + 1] !== 0x74 || frame[at + 2] !== 0x72) return false;
  if (frame[at + 3] !== 0x65 || frame[at + 4] !== 0x61 || frame[at + 5] !== 0x6d) return false;
  return frame[at + 6] === QUOTE;
}

/** The last place before this one that is not white space. */
function tokenBefore(frame: Buffer, place: number): number {
  let at = place - 1;
  while (isWhite(frame[at])) at--;
  return at;
}

/** What JSON takes for white space. */
function isWhite(byte: number | undefined): boolean {
  return byte === SPACE || byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === TAB;
}
