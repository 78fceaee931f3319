import type { EpochMs } from '../core/candle.ts';
import type { AppendAnswer } from '../ports/candle-log.ts';

/**
 * What is to be done with a candle that follows `after`, in a series that ends with `tail`: `append` it, or answer at once.
 * The series has come as far as the candle: somebody else stored it. It ends elsewhere before the candle: the log lost its
 * end, or has candles that whoever appends does not know.
 *
 * @param timestamp - open time of the candle
 */
export function decideAppend(
  timestamp: EpochMs,
  after: EpochMs | undefined,
  tail: EpochMs | undefined,
): 'append' | Exclude<AppendAnswer, 'stored'> {
  if (tail !== undefined && tail >= timestamp) return 'already';
  return tail === after ? 'append' : { tail };
}
