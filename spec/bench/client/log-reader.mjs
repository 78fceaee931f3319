/** Readers of a log in one process: each takes all series. */
import { tap } from 'rxjs';
import { closedCandlesOfMany$, natsLog } from '../../../dist/log/nats/index.js';
import { answer, pause } from '../lib/processes.mjs';

let heard = 0;
const WORK = Number(process.env.WORK ?? 0);
/** How often a reader has begun to read, and come to what is live. */
let begun = 0;
let live = 0;
let delays = [];
const why = {};

/** The log, with what its readers do counted. */
const counted = (log) => ({
  /* */
  read$(series, start) {
    begun += 1;
    return log.read$(series, start).pipe(tap({ error: (e) => { const k = String(e.name + ' ' + e.message).replace(/\d+/g, 'N'); why[k] = (why[k] ?? 0) + 1; } }), tap((signal) => (live += signal === 'live' ? 1 : 0)));
  },
});

function read(log) {
  log.status$.subscribe((st) => { if (st.state === 'waiting') why[st.reason] = (why[st.reason] ?? 0) + 1; });
  closedCandlesOfMany$(counted(log), { interval: '1m' }).subscribe({
    // `trades` says when the candle was given to the log.
    next: ({ trades }) => {
      heard += 1;
      if (WORK) { const end = performance.now() + WORK; while (performance.now() < end); }
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
  count: () => ({ heard, why, begun, rss: process.memoryUsage().rss, cpuUs: process.cpuUsage().user + process.cpuUsage().system }),
  delays() {
    const taken = delays;
    delays = [];
    return taken;
  },
});
