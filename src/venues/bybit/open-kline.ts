const SPELLINGS = ['{"topic":"kline.', '{"type":"snapshot","topic":"kline.'].map((text) => Buffer.from(text));
const BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const OPEN = Buffer.from('"confirm":false');

/**
 * True only where the bytes prove that all candles of a frame are running: it begins as kline frames were recorded on
 * `linear` and on `spot`, has no `true` anywhere, without which no close can be written, and one `"confirm":false` for
 * each object in it. Frames come once a second at most, and any other is decoded.
 */
export function isOpenKline(frame: Buffer): boolean {
  if (frame.at(-1) !== CLOSING_BRACE || !SPELLINGS.some((start) => startsWith(frame, start))) return false;
  const objects = objectsIn(frame);
  return objects > 0 && countOf(frame, OPEN) === objects && !frame.includes('true');
}

function startsWith(frame: Buffer, start: Buffer): boolean {
  return frame.length > start.length && frame.compare(start, 0, start.length, 0, start.length) === 0;
}

/** Objects within the outermost; a brace in a text makes one too many. */
function objectsIn(frame: Buffer): number {
  let braces = 0;
  for (const byte of frame) if (byte === BRACE) braces++;
  return braces - 1;
}

function countOf(frame: Buffer, text: Buffer): number {
  let count = 0;
  for (let at = frame.indexOf(text); at >= 0; at = frame.indexOf(text, at + text.length)) count++;
  return count;
}
