/** Readers of a log in one process: each takes all series. */
import { tap } from 'rxjs';
import { closedCandlesOfMany$, natsLog } from '../../../dist/log/nats/index.js';
import { answer, pause } from '../lib/processes.mjs';

let heard = 0;
/** How often a reader has begun to read, and come to what is live. */
let begun = 0;
let live = 0;
let delays = [];

/** What readers use of a log, counted. */
const counted = (log) => ({
  read$(series, start) {
    begun += 1;
    return log.read$(series, start).pipe(tap((signal) => (live += signal === 'live' ? 1 : 0)));
  },
});

function read(log) {
  closedCandlesOfMany$(counted(log), { interval: '1m' }).subscribe({
    // `trades` says when the candle was given to the log.
    next: ({ trades }) => {
      heard += 1;
      if (heard % 97 === 0) delays.push((Date.now() % 1e9) - trades);
    },
    error: (error) => console.error(error),
  });
}

answer({
  /**
   * All are live when this returns.
   *
   * @param readers - how many
   * @param sharing - how many of them share a connection
   * @param atOnce - how many begin before the next
   */
  async start({ url, readers, sharing, atOnce }) {
    let log;
    for (let reader = 0; reader < readers; reader++) {
      if (reader % sharing === 0) log = natsLog({ servers: url });
      read(log);
      while (live < reader + 1 - atOnce) await pause(5);
    }
    while (live < readers) await pause(5);
  },
  count: () => {
    const { user, system } = process.cpuUsage();
    return { heard, begun, rss: process.memoryUsage().rss, cpuUs: user + system };
  },
  delays() {
    const taken = delays;
    delays = [];
    return taken;
  },
});
