const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
/** Above digits, capitals and all punctuation but braces. */
const BEFORE_LETTERS = 0x60;
const BRACE = 0x7b;
const LETTER_E = 0x65;
const LETTER_Q = 0x71;
const LETTER_X = 0x78;

const NOWHERE = -1;

/** The first places where a close can have its `true`. */
const EARLIEST_IN_ENVELOPE = '{"stream":0,"data":{"k":{"x":'.length;
const EARLIEST_WITHOUT = '{"e":"kline","k":{"x":'.length;

/**
 * True only where the bytes prove that the frame is a kline that is not yet closed.
 *
 * A close needs the word `true`, which JSON cannot write in any other way. So a frame is unfinished that begins as an
 * event does (no answer does), has a member `x` that is `false`, with `q` after it as in a kline, and no member that is
 * `true`: however it is spaced, and whatever members it has that we do not know. Words in strings are no members.
 * Everything else is to be decoded: it costs speed, never a candle.
 *
 * Looks backwards from the end, in steps of four bytes between which no word can hide. Allocates nothing. Unrolled
 * where most bytes are looked at, and each comparison stands by itself: a loop over a pattern takes as long as all the
 * rest.
 */
export function isOpenKline(frame: Buffer): boolean {
  const flag = openFlagOf(frame);
  if (flag === NOWHERE) return false;
  const first = firstPlaceOf(frame);
  return first !== NOWHERE && !hasTrue(frame, flag - 1, first);
}

/** Where the last `"x":false` before a `q` has its `false`; nowhere if a `true` comes first. */
function openFlagOf(frame: Buffer): number {
  for (let at = frame.length - 1; at >= 0; at -= 4) {
    if ((frame[at] ?? 0) <= BEFORE_LETTERS) continue;
    if (isTrueAround(frame, at)) return NOWHERE;
    const word = falseAround(frame, at);
    if (word !== NOWHERE && isFlag(frame, word)) return word;
  }
  return NOWHERE;
}

/** Whether a member between the two places is `true`. */
function hasTrue(frame: Buffer, from: number, first: number): boolean {
  for (let at = lateLetterAt(frame, from, first); at >= 0; at = lateLetterAt(frame, at - 4, first)) {
    if (isTrueAround(frame, at)) return true;
  }
  return false;
}

/** The next place from `from` down to `first`, in steps of four, that has a letter from e on, as all of `true` are. */
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

/** Whether the byte is of the word `true` where that is a value. */
function isTrueAround(frame: Buffer, at: number): boolean {
  switch (frame[at]) {
    case 0x74: // t
      return isTrueAt(frame, at);
    case 0x72: // r
      return isTrueAt(frame, at - 1);
    case 0x75: // u
      return isTrueAt(frame, at - 2);
    case 0x65: // e
      return isTrueAt(frame, at - 3);
    default:
      return false;
  }
}

/** The value of a member comes after a colon or white space; in a string (`"trueusdt@kline_1m"`) it is no value. */
function isTrueAt(frame: Buffer, at: number): boolean {
  if (frame[at] !== 0x74 || frame[at + 1] !== 0x72) return false;
  if (frame[at + 2] !== 0x75 || frame[at + 3] !== 0x65) return false;
  return frame[at - 1] === COLON || isWhite(frame[at - 1]);
}

/** Where the `false` begins that the byte is of. */
function falseAround(frame: Buffer, at: number): number {
  switch (frame[at]) {
    case 0x66: // f
      return falseAt(frame, at);
    case 0x61: // a
      return falseAt(frame, at - 1);
    case 0x6c: // l
      return falseAt(frame, at - 2);
    case 0x73: // s
      return falseAt(frame, at - 3);
    case 0x65: // e
      return falseAt(frame, at - 4);
    default:
      return NOWHERE;
  }
}

function falseAt(frame: Buffer, at: number): number {
  if (frame[at] !== 0x66 || frame[at + 1] !== 0x61 || frame[at + 2] !== 0x6c) return NOWHERE;
  return frame[at + 3] === 0x73 && frame[at + 4] === 0x65 ? at : NOWHERE;
}

/** Whether this `false` stands between the names of `x` and `q`. */
function isFlag(frame: Buffer, word: number): boolean {
  return isBeforeQ(frame, word + 4) && isValueOfX(frame, word);
}

/**
 * Whether the value at this place is that of a member `x`. The quote after the letter is not escaped, and so ends a
 * string; the one before must not be, or the string would be longer.
 */
function isValueOfX(frame: Buffer, value: number): boolean {
  const colon = tokenBefore(frame, value);
  if (frame[colon] !== COLON) return false;
  const end = tokenBefore(frame, colon);
  if (frame[end] !== QUOTE || frame[end - 1] !== LETTER_X) return false;
  return frame[end - 2] === QUOTE && frame[end - 3] !== BACKSLASH;
}

/** Whether the value that ends at this place has a member `q` after it. */
function isBeforeQ(frame: Buffer, end: number): boolean {
  const comma = tokenAfter(frame, end);
  if (frame[comma] !== COMMA) return false;
  const name = tokenAfter(frame, comma);
  return frame[name] === QUOTE && frame[name + 1] === LETTER_Q && frame[name + 2] === QUOTE;
}

/** From where on a frame that begins with the member `stream` or `e` can tell of a close. No answer to a request does. */
function firstPlaceOf(frame: Buffer): number {
  const name = tokenAfter(frame, 0);
  if (frame[0] !== BRACE || frame[name] !== QUOTE) return NOWHERE;
  if (frame[name + 1] === LETTER_E && frame[name + 2] === QUOTE) return EARLIEST_WITHOUT;
  return isStreamAt(frame, name + 1) ? EARLIEST_IN_ENVELOPE : NOWHERE;
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

/** The first place after this one that is not white space. */
function tokenAfter(frame: Buffer, place: number): number {
  let at = place + 1;
  while (isWhite(frame[at])) at++;
  return at;
}

/** What JSON takes for white space. */
function isWhite(byte: number | undefined): boolean {
  return byte === SPACE || byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === TAB;
}
