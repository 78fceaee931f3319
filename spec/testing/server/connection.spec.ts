import { describe, expect, it } from 'vitest';
import { startFakeExchange } from '../../../src/testing/index.ts';
import { connect } from '../../support/fake-client.ts';
import { until } from '../../support/until.ts';

describe('the limit of messages', () => {
  it('closes with 1008 the sixth message within a second on spot, pings included', async () => {
    await using exchange = await startFakeExchange();
    const client = await connect(exchange);
    for (let i = 0; i < 3; i++) client.send('LIST_SUBSCRIPTIONS');
    for (let i = 0; i < 3; i++) client.ws.ping();
    expect(await client.closed).toEqual({ code: 1008, reason: 'Too many requests' });
    expect(client.texts).toHaveLength(3);
    expect(exchange.stats.limitBreaks).toMatchObject([{ limit: 'messages', venue: 'binance-spot' }]);
  });

  it('allows ten on futures, and pings besides', async () => {
    await using exchange = await startFakeExchange();
    const client = await connect(exchange, '/stream', 'binance-usdm');
    for (let i = 0; i < 10; i++) client.send('LIST_SUBSCRIPTIONS');
    for (let i = 0; i < 10; i++) client.ws.ping();
    await until(() => client.pongs === 10 && client.texts.length === 10);
    const other = await connect(exchange, '/stream', 'binance-usdm');
    for (let i = 0; i < 11; i++) other.send('LIST_SUBSCRIPTIONS');
    expect(await other.closed).toMatchObject({ code: 1008 });
  });
});

it('pings, and cuts who does not answer in time', async () => {
  await using exchange = await startFakeExchange({ pingEveryMs: 100, pongWithinMs: 2000, messagesPerSecond: 1000 });
  const polite = await connect(exchange);
  const rude = await connect(exchange);
  rude.ws.pong = () => undefined;
  expect(await rude.closed).toMatchObject({ code: 1006 });
  expect(rude.pings).toBeGreaterThan(0);
  expect(polite.ws.readyState).toBe(polite.ws.OPEN);
});

it('cuts a connection that is too old, without a close frame', async () => {
  await using exchange = await startFakeExchange({ maxAgeMs: 500 });
  const client = await connect(exchange);
  expect(await client.closed).toMatchObject({ code: 1006 });
});
