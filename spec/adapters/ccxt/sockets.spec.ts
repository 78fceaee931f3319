import { expect, it } from 'vitest';
import { CcxtSockets } from '../../../src/adapters/ccxt/sockets.ts';
import type { CcxtClient, CcxtExchange } from '../../../src/venues/ccxt/exchange.ts';
import { turns } from '../../support/until.ts';

const URL = 'wss://example.test/?token=secret';

function rig() {
  const events: unknown[] = [];
  const client: CcxtClient = { url: URL, send: () => Promise.reject(new Error('write ECONNRESET')) };
  const nothing = () => undefined;
  const exchange = { clients: {}, client: () => client, onConnected: nothing, onError: nothing, onClose: nothing } as unknown as CcxtExchange; // prettier-ignore
  const sockets = new CcxtSockets({ exchange, publish: (event) => events.push(event) });
  return { exchange, sockets, client, events };
}

it('what cannot be sent as a socket breaks is no unhandled rejection, which would end the process', async () => {
  const unhandled: unknown[] = [];
  const listen = (reason: unknown) => void unhandled.push(reason);
  process.on('unhandledRejection', listen);
  void rig().exchange.client(URL).send('subscribe');
  await turns(20);
  process.off('unhandledRejection', listen);
  expect(unhandled).toEqual([]);
});

it('are counted and published, without what a URL carries for the exchange alone', () => {
  const { exchange, sockets, client, events } = rig();
  exchange.onConnected(client);
  expect(sockets.open).toBe(1);
  exchange.onError(client, new Error('gone'));
  exchange.onClose(client, {});
  expect(sockets.open).toBe(0);
  expect(sockets.reconnects).toEqual({ 'closed by peer': 1 });
  expect(events).toEqual([
    { type: 'CONNECTED', connection: 1, url: 'wss://example.test/' },
    { type: 'DISCONNECTED', connection: 1, reason: 'closed by peer', detail: 'gone' },
  ]);
});
