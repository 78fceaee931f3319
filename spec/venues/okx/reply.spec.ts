import { expect, it } from 'vitest';
import { replyOf } from '../../../src/venues/okx/reply.ts';

const ARG = { channel: 'candle1m', instId: 'BTC-USDT-SWAP' };
const TOPIC = 'candle1m:BTC-USDT-SWAP';

it('acknowledges one topic, with the id of its request or without', () => {
  expect(replyOf({ id: '1512', event: 'subscribe', arg: ARG, connId: 'a4d3ae55' })).toEqual({ kind: 'ack', id: '1512', topics: [TOPIC] }); // prettier-ignore
  expect(replyOf({ event: 'unsubscribe', arg: ARG })).toEqual({ kind: 'ack', topics: [TOPIC] });
  expect(replyOf({ event: 'subscribe' })).toMatchObject({ kind: 'malformed' });
});

/** The words of 60018 as they were seen on 2026-10-02 and before; those of 60012 as the documents print them. */
it.each([
  ['60018', "Wrong URL or channel:candle1m,instId:BTC-USDT-SWAP doesn't exist. Please use the correct URL, channel and parameters referring to API document."], // prettier-ignore
  ['60018', "Subscribe failed, wrong URL or channel:candle1m,instId:BTC-USDT-SWAP doesn't exist."],
  ['60012', `Invalid request: {"id": "1512", "op": "subscribe", "args":[${JSON.stringify(ARG)}]}`],
])('refuses the topic that %s names: %s', (code, msg) => {
  expect(replyOf({ id: '1512', event: 'error', code, msg })).toEqual({ kind: 'rejected', id: '1512', topics: [TOPIC], reason: `${code}: ${msg}` }); // prettier-ignore
});

it.each([
  ['60014', 'Requests too frequent'],
  ['60012', 'Invalid request: {"op": "subscribe", "argss":[{ "channel" : "x" }]}'],
  ['60012', 'Invalid request: {"op": '],
  ['60018', undefined],
])('refuses the whole request where %s names no topic: %s', (code, msg) => {
  expect(replyOf({ id: '7', event: 'error', code, msg })).toEqual({ kind: 'rejected', id: '7', reason: `${code}: ${String(msg)}` }); // prettier-ignore
});
