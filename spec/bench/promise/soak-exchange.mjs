/** The fake exchange of the soak, in a process of its own: `soak-exchange.mjs <options as JSON>`. */
import { startFakeExchange } from '../../../dist/testing/index.js';

const { everyMs, holes, seed, ...options } = JSON.parse(process.argv[2]);
const exchange = await startFakeExchange({ seed, ...options });
for (const hole of holes) exchange.faults.market.hole(hole);
process.send({ endpoints: exchange.endpoints('binance-spot') });

const { stream, rest } = exchange.faults;
/** Beside the faults of `RANDOM_FAULTS`: dead peers, and REST rows that come late, move or are left out. */
const more = setInterval(() => {
  stream.halfOpen('newest');
  rest.lag(300);
  rest.unsettled(300);
  rest.flicker({ rows: 0.01, answers: 0.1 });
}, 20_000);
const faults = exchange.faults.random({ seed, everyMs });

const truthOf = ({ symbol, from, before }) =>
  exchange.candles({ venue: 'binance-spot', symbol, interval: '1s' }, from, before);

process.on('message', (message) => {
  if (message.spans !== undefined) {
    process.send({ candles: message.spans.map(truthOf) });
    return;
  }
  if (message === 'calm') {
    clearInterval(more);
    exchange.faults.clear();
  }
  const { connectionsEver, limitBreaks } = exchange.stats;
  const requests = [...exchange.stats.requests.values()].reduce((sum, { count }) => sum + count, 0);
  process.send({
    faults: faults.hits,
    connectionsEver,
    requests,
    limitBreaks: limitBreaks.length,
    now: exchange.now(),
  });
});
process.on('disconnect', () => process.exit());
