import { GATE_INTERVALS } from './candle.ts';

const MOST_BYTES = 400;
const RUNNING_END = Buffer.from('"w":false}}');

/** A whole frame, member by member, in the documented order. No string in it may hold an escape or a brace. */
const OPEN_CANDLE = new RegExp(
  '^\\{"time":\\d{10},"time_ms":\\d{13},"channel":"spot\\.candlesticks","event":"update","result":\\{"t":"[1-9]\\d{8,9}",' +
    '(?:"[vchlo]":"\\d{1,15}(?:\\.\\d{1,20})?",){5}' +
    `"n":"(?:${GATE_INTERVALS.join('|')})_[A-Za-z0-9_]+","a":"\\d{1,15}(?:\\.\\d{1,20})?","w":false\\}\\}$`,
);

/** Whether the bytes prove that the frame holds one running candle. Its end is compared first, since that is cheap. */
export function isOpenCandle(bytes: Buffer, start = 0, end = bytes.length): boolean {
  const tail = end - RUNNING_END.length;
  if (tail < start || end - start > MOST_BYTES || RUNNING_END.compare(bytes, tail, end) !== 0) return false;
  return OPEN_CANDLE.test(bytes.toString('latin1', start, end));
}
