import { createFeed } from '../../../dist/index.js';

/** `mark.mjs <endpoints>`: writes a line as soon as the mark is drawn, which is when the series is live, and ends. */
const feed = createFeed({ venue: 'binance-usdm', endpoints: JSON.parse(process.argv[2]) });
feed.closedCandles$('S0000USDT', '1m').subscribe();

/** `status$` tells changes at most ten times a second; a new subscriber is told what is so now. */
const look = setInterval(() => feed.status$.subscribe(write).unsubscribe(), 1);

function write({ series: [{ phase }] }) {
  if (phase !== 'live') return;
  clearInterval(look);
  console.log('live');
  void feed.close();
}
