/** The console of one example: what it says goes to the spec, under its name. */
import { format } from 'node:util';
import { isMainThread } from 'node:worker_threads';

/** More than any spec looks at: some say a line for every candle of a day. */
const MOST_LINES = 2000;

export function consoleOf(example) {
  let left = isMainThread ? MOST_LINES : 0;
  const say = (...values) => {
    if (left <= 0) return;
    const lines = format(...values).split('\n');
    left -= lines.length;
    process.send({ example, lines });
  };
  return { log: say, error: say };
}
