/** All examples in one process, each with a console of its own. Told by the spec when to begin and when to end. */
import 'rx-candles/store';
import 'rx-candles/testing';
import 'trading-signals';
import { consoleOf } from './console.mjs';
import { end, hosts } from './fake.mjs';

const ORDERS = {
  begin: ({ endpoints, examples }) => {
    Object.assign(hosts, endpoints);
    for (const example of examples) begin(example);
  },
  end: async () => {
    process.emit('SIGINT');
    process.emit('SIGTERM');
    await end();
    process.exit();
  },
};

function begin(example) {
  run(example).catch((error) => consoleOf(example).error(`failed: ${error.stack}`));
}

/** What exports a handler is called, as its host would. */
async function run(example) {
  const { handler } = await import(`./${example}.js`);
  if (handler) consoleOf(example).log(JSON.stringify(await handler({ since: Date.now() - 600_000 })));
}

process.on('message', ({ order, ...details }) => ORDERS[order](details));
process.send('ready');
