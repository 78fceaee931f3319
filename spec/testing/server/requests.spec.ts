import { afterEach, beforeEach, expect, it } from 'vitest';
import { startFakeExchange, type FakeExchange } from '../../../src/testing/index.ts';
import { connect, type FakeClient } from '../../support/fake-client.ts';
import { until } from '../../support/until.ts';

let exchange: FakeExchange;
let client: FakeClient;

beforeEach(async () => {
  exchange = await startFakeExchange({ updatesPerSecond: 0, topicsPerConnection: 3, messagesPerSecond: 50 });
  client = await connect(exchange);
});
afterEach(() => exchange.close());

/** What one request is answered with. */
async function answered(text: string): Promise<unknown> {
  const before = client.texts.length;
  client.ws.send(text);
  await until(() => client.texts.length > before);
  return client.messages[before];
}

const asked = (method: string, params?: unknown, id: unknown = 7): Promise<unknown> =>
  answered(JSON.stringify({ method, params, id }));

it('acknowledges everything, lists it as it was named, and takes back what was never asked', async () => {
  const names = ['BTCUSDT@kline_1s', 'nosuch@kline_1s', 'btcusdt@nonsense'];
  expect(await asked('SUBSCRIBE', names)).toEqual({ result: null, id: 7 });
  expect(await asked('LIST_SUBSCRIPTIONS')).toEqual({ result: names, id: 7 });
  expect(await asked('UNSUBSCRIBE', ['never@kline_1s', 'nosuch@kline_1s'])).toEqual({ result: null, id: 7 });
  expect(await asked('LIST_SUBSCRIPTIONS')).toEqual({ result: [names[0], names[2]], id: 7 });
  expect(exchange.stats).toMatchObject({ topics: 0, subscribes: 1, unsubscribes: 1 });
});

it('echoes the id, whatever it is', async () => {
  expect(await asked('SUBSCRIBE', ['btcusdt@kline_1s'], 'abc')).toEqual({ result: null, id: 'abc' });
  expect(await asked('SUBSCRIBE', ['btcusdt@kline_1s'], null)).toEqual({ result: null, id: null });
});

it('switches between raw and combined form', async () => {
  expect(await asked('GET_PROPERTY', ['combined'])).toEqual({ result: true, id: 7 });
  expect(await asked('SET_PROPERTY', ['combined', false])).toEqual({ result: null, id: 7 });
  expect(await asked('GET_PROPERTY', ['combined'])).toEqual({ result: false, id: 7 });
});

it.each([
  ['a method nobody knows', '{"method":"DANCE","params":[],"id":7}', 2, 7],
  ['no method', '{"id":7}', 2, 7],
  ['params that are no list', '{"method":"SUBSCRIBE","params":"x","id":7}', 2, 7],
  ['text that is no JSON', 'hello', 3, undefined],
  ['an unknown property', '{"method":"SET_PROPERTY","params":["colour",true],"id":7}', 0, 7],
  ['a property of the wrong type', '{"method":"SET_PROPERTY","params":["combined","yes"],"id":7}', 1, 7],
])('complains about %s', async (_, text, code, id) => {
  const reply = (await answered(text)) as { error: { code: number }; id?: number };
  expect([reply.error.code, reply.id]).toEqual([code, id]);
});

it('complains in the flat form where it is told so', async () => {
  await using flat = await startFakeExchange({ errorForm: 'flat' });
  const other = await connect(flat);
  other.send('DANCE', [], 9);
  await until(() => other.texts.length > 0);
  expect(other.messages[0]).toMatchObject({ code: 2, id: 9 });
});

it('closes with 1008 over the limit of topics, and all are lost', async () => {
  client.send('SUBSCRIBE', ['a@kline_1s', 'b@kline_1s', 'c@kline_1s', 'btcusdt@kline_1s']);
  expect(await client.closed).toEqual({ code: 1008, reason: 'Invalid request' });
  expect(client.messages).toEqual([{ error: { code: 4, msg: 'Too many subscriptions' } }]);
  expect(exchange.stats.limitBreaks).toMatchObject([{ limit: 'topics', venue: 'binance-spot' }]);
});
