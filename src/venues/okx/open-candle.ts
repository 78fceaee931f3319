import { OKX_INTERVALS, barOf } from './bars.ts';

/** Longer than any frame of one row: a number has at most some twenty digits. */
const MOST_BYTES = 400;
const QUOTED_ZERO_END = Buffer.from('"0"]]}');

/**
 * A frame of one row of nine columns, all of them plain decimals, with the last `"0"`, spelt as OKX does (recording of
 * 2023-11-25). Nothing of it may be escaped, so no bracket or quote can be part of a text.
 */
const OPEN_CANDLE = new RegExp(
  `^\\{"arg":\\{"channel":"candle(?:${OKX_INTERVALS.map(barOf).join('|')})","instId":"[A-Za-z0-9_-]+"\\},` +
    `"data":\\[\\["[1-9]\\d{11,12}",(?:"\\d{1,15}(?:\\.\\d{1,20})?",){7}"0"\\]\\]\\}$`,
);

/** Whether the bytes prove that the frame tells one candle that still runs: its end is looked at first. */
export function isOpenCandle(frame: Buffer): boolean {
  const start = frame.length - QUOTED_ZERO_END.length;
  if (start < 0 || frame.length > MOST_BYTES || QUOTED_ZERO_END.compare(frame, start) !== 0) return false;
  return OPEN_CANDLE.test(frame.toString('latin1'));
}
