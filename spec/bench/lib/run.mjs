import { CLIENT_CORE, SERVER_CORE, pause, startProcess } from './processes.mjs';

const SETTLE_MS = 800;
const LONGEST_SETUP_MS = 60_000;

/**
 * A load server, and one contender that has subscribed to everything: `use({ server, client, flood, paced, burst })`.
 * Fresh processes each time, so that no run inherits another's compiled code or heap.
 */
export async function withContender(
  contender,
  { series, symbols, first = series.length, silent = false, execArgv = [], venue = 'binance-usdm', dist },
  use,
) {
  const server = startProcess('server/load-server.mjs', { core: SERVER_CORE });
  const { ws, rest } = await server.ask('listen', { symbols, venue });
  const client = startProcess('client/client.mjs', {
    core: CLIENT_CORE,
    args: [contender],
    execArgv,
    env: { WSS_URL_BINANCE_FUTURES: `${ws}/stream` },
  });
  const measure = async (verb, options) => {
    await client.ask('begin');
    const sent = await server.ask(verb, options);
    return { ...sent, ...(await client.ask('end')), sentCloses: sent.closes };
  };
  try {
    await client.ask('start', { ws, rest, venue, series, first, silent, dist });
    await subscribed(server, first);
    return await use({ server, client, measure });
  } finally {
    await client.stop();
    await server.stop();
  }
}

async function subscribed(server, count) {
  const deadline = performance.now() + LONGEST_SETUP_MS;
  for (let topics = 0; topics < count; { topics } = await server.ask('state')) {
    if (performance.now() > deadline) throw new Error(`${topics} of ${count} topics were subscribed`);
    await pause(50);
  }
  await pause(SETTLE_MS);
}

export const perFrame = ({ cpuUs, frames }) => cpuUs / frames;
export const throughput = ({ frames, wallMs }) => frames / wallMs;
