import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFakeExchange, type FakeExchange } from '../../../src/testing/index.ts';
import { connect, get, type FakeClient } from '../../support/fake-client.ts';
import { turns, until } from '../../support/until.ts';

const TOPIC = 'btcusdt@kline_1m';
let exchange: FakeExchange;

beforeEach(async () => {
  exchange = await startFakeExchange({ updatesPerSecond: 40, messagesPerSecond: 100 });
});
afterEach(() => exchange.close());

const listening = (): Promise<FakeClient> => connect(exchange, `/stream?streams=${TOPIC}`);

/** Text messages that come within a time. */
async function heardWithin(client: FakeClient, ms: number): Promise<number> {
  const before = client.texts.length;
  await turns(ms);
  return client.texts.length - before;
}

describe('connections', () => {
  it('drops all of them, or the one that is meant', async () => {
    const [first, second, third] = [await listening(), await listening(), await listening()];
    expect(exchange.faults.stream.drop('newest')).toBe(1);
    expect(await third.closed).toMatchObject({ code: 1006 });
    expect(exchange.faults.stream.drop(({ id }) => id === 1)).toBe(1);
    expect(await first.closed).toMatchObject({ code: 1006 });
    expect(exchange.faults.stream.drop()).toBe(1);
    await second.closed;
    expect(exchange.faults.stream.drop()).toBe(0);
  });

  it('makes one half-open: no data, no pong, no reply, no close', async () => {
    const client = await listening();
    await until(() => client.texts.length > 0);
    exchange.faults.stream.halfOpen();
    await heardWithin(client, 30);
    client.ws.ping();
    client.send('LIST_SUBSCRIPTIONS');
    expect(await heardWithin(client, 250)).toBe(0);
    expect([client.pongs, client.ws.readyState, exchange.stats.connections]).toEqual([0, client.ws.OPEN, 1]);
    client.ws.close();
    await heardWithin(client, 100);
    expect(client.ws.readyState).toBe(client.ws.CLOSING);
    client.ws.terminate();
    await until(() => exchange.stats.connections === 0);
  });

  it.each([1000, 1001, 1008, 1011, 1012])('closes cleanly with %i', async (code) => {
    const client = await listening();
    exchange.faults.stream.close(code, 'so long');
    expect(await client.closed).toEqual({ code, reason: 'so long' });
  });

  it('announces serverShutdown in the form of the connection, and cuts it later', async () => {
    const [combined, raw] = [await connect(exchange), await connect(exchange, '/ws')];
    exchange.faults.stream.shutdown(50);
    await Promise.all([combined.closed, raw.closed]);
    expect(combined.messages).toMatchObject([{ stream: '!serverShutdown', data: { e: 'serverShutdown' } }]);
    expect(raw.messages).toMatchObject([{ e: 'serverShutdown', E: expect.any(Number) as number }]);
  });

  it.each(['bad JSON', 'truncated', 'wrong types', 'unknown event', 'not an object', 'empty', 'binary'] as const)(
    'sends garbage: %s',
    async (kind) => {
      const client = await connect(exchange);
      exchange.faults.stream.garbage(kind);
      await until(() => client.texts.length === 1);
      expect(client.ws.readyState).toBe(client.ws.OPEN);
    },
  );
});

describe('handshakes', () => {
  it.each([429, 451, 503])('refuses with %i, and says when to come back', async (status) => {
    exchange.faults.stream.refuse(status, { next: 1, retryAfter: 3 });
    await expect(listening()).rejects.toThrow(`HTTP ${String(status)} 3`);
    await listening();
  });

  it('refuses one market only', async () => {
    exchange.faults.stream.refuse(503, { match: ({ venue }) => venue === 'binance-usdm' });
    await expect(connect(exchange, '/stream', 'binance-usdm')).rejects.toThrow('HTTP 503');
    await listening();
  });

  it('closes the port for a time and opens it again', async () => {
    const client = await listening();
    exchange.faults.stream.refuseTcp(2000);
    await expect(listening()).rejects.toThrow('ECONNREFUSED');
    await expect(get(exchange, '/api/v3/ping')).rejects.toThrow('fetch failed');
    const before = client.texts.length;
    await until(() => client.texts.length > before, 'data of who was there already');
    const again = async (): Promise<FakeClient> => listening().catch(async () => (await turns(50), again()));
    await again();
  });

  it('delays them', async () => {
    exchange.faults.stream.delayHandshake(150, { next: 1 });
    const before = performance.now();
    await listening();
    expect(performance.now() - before).toBeGreaterThanOrEqual(145);
  });

  it('accepts and hangs up at once, or after the first acknowledgement, with a code or without', async () => {
    exchange.faults.stream.flap('open', { next: 1, code: 1001 });
    expect(await (await listening()).closed).toMatchObject({ code: 1001 });
    exchange.faults.stream.flap('ack', { next: 1 });
    const client = await connect(exchange);
    expect(await heardWithin(client, 50)).toBe(0);
    client.send('SUBSCRIBE', [TOPIC]);
    expect(await client.closed).toMatchObject({ code: 1006 });
    await until(() => exchange.stats.connections === 0);
    expect(exchange.stats).toMatchObject({ connectionsEver: 2 });
  });
});

describe('replies and data', () => {
  it('acknowledges and sends no data, for as long as it is told', async () => {
    const fault = exchange.faults.stream.silence({ match: ({ topic }) => topic === TOPIC });
    const client = await connect(exchange);
    client.send('SUBSCRIBE', [TOPIC, 'ethusdt@kline_1m']);
    await until(() => client.texts.length > 5);
    expect(client.messages.some(({ stream }) => stream === TOPIC)).toBe(false);
    fault.stop();
    await until(() => client.messages.some(({ stream }) => stream === TOPIC));
  });

  it('does what is asked and does not acknowledge', async () => {
    exchange.faults.stream.swallowAcks({ next: 1 });
    const client = await connect(exchange);
    client.send('SUBSCRIBE', [TOPIC]);
    await until(() => client.texts.length > 0);
    expect(client.messages.some(({ result }) => result === null)).toBe(false);
  });

  it('refuses a request with an error reply', async () => {
    exchange.faults.stream.rejectRequests(-1, 'not today', { next: 1, match: ({ method }) => method === 'SUBSCRIBE' });
    const client = await connect(exchange);
    client.send('SUBSCRIBE', [TOPIC], 5);
    await until(() => client.texts.length > 0);
    expect(await heardWithin(client, 200)).toBe(0);
    expect(client.messages[0]).toEqual({ error: { code: -1, msg: 'not today' }, id: 5 });
  });

  it('forgets every fault when cleared', async () => {
    exchange.faults.stream.refuse(503);
    exchange.faults.stream.silence();
    exchange.faults.clear();
    const client = await listening();
    await until(() => client.texts.length > 0);
  });
});
