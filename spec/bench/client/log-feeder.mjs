/** Feeds one series of a fake exchange into a log; killed by the benchmark. */
import { createFeed } from '../../../dist/index.js';
import { feedTo, natsLog } from '../../../dist/log/nats/index.js';

const [servers, stream, rest, name] = process.argv.slice(2);
const venue = 'binance-spot';
const feed = createFeed({ venue, endpoints: { stream, rest }, logLevel: 'silent' });
feedTo(
  natsLog({ servers, stream: name }),
  feed,
  { venue, symbol: 'BTCUSDT', interval: '1s' },
  { history: 5 },
).subscribe();
