/** Readers of a log in one process: each takes all series, over a connection of its own. */
import { closedCandlesOfMany$, natsLog } from '../../../dist/log/nats/index.js';
import { answer, pause } from '../lib/processes.mjs';

const logs = [];
let heard = 0;
let delays = [];

answer({
  /** @param readers - how many; all are live when this returns */
  async start({ url, readers }) {
    for (let reader = 0; reader < readers; reader++) {
      const log = natsLog({ servers: url });
      logs.push(log);
      closedCandlesOfMany$(log, { interval: '1m' }).subscribe({
        // `trades` says when the candle was given to the log.
        next: ({ trades }) => {
          heard += 1;
          if (heard % 97 === 0) delays.push((Date.now() % 1e9) - trades);
        },
        error: (error) => console.error(error),
      });
      // All at once they would have to take in a thousand times every tail, within the time of one request.
      if (reader % 10 === 9) await pause(100);
    }
  },
  count: () => ({ heard, rss: process.memoryUsage().rss }),
  delays() {
    const taken = delays;
    delays = [];
    return taken;
  },
});
