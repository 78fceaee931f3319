import { describe, expect, it } from 'vitest';
import { bybitLinear } from '../../../src/venues/bybit/market.ts';

const { stream } = bybitLinear;
const read = (message: unknown): unknown => stream.decode(Buffer.from(JSON.stringify(message)));

describe('a reply', () => {
  it.each([
    ['as linear writes it for a request without an id', { success: true, ret_msg: '', conn_id: 'c', req_id: '', op: 'subscribe' }, [{ kind: 'ack' }]],
    ['as spot does', { success: true, ret_msg: 'subscribe', conn_id: 'c', op: 'subscribe' }, [{ kind: 'ack' }]],
    [
      'to what is subscribed to already',
      { success: false, ret_msg: 'error:already subscribed,topic:kline.1.BTCUSDT', conn_id: 'c', req_id: '', op: 'subscribe' },
      [{ kind: 'ack', topics: ['kline.1.BTCUSDT'] }],
    ],
    [
      'that refuses, in words that nobody has seen',
      { success: false, ret_msg: 'Params Error', conn_id: 'c', req_id: '7 kline.1.X-1', op: 'subscribe' },
      [{ kind: 'rejected', id: '7 kline.1.X-1', topics: ['kline.1.X-1'], reason: 'Params Error' }],
    ],
    [
      'that refuses and names only the topic',
      { success: false, ret_msg: 'Invalid symbol :[kline.1.NONE]', conn_id: 'c', op: 'subscribe' },
      [{ kind: 'rejected', topics: ['kline.1.NONE'], reason: 'Invalid symbol :[kline.1.NONE]' }],
    ],
    ['without a word', { success: false, op: 'subscribe' }, [{ kind: 'rejected', reason: 'no reason given' }]],
    ['to a ping, on spot', { success: true, ret_msg: 'pong', conn_id: 'c', op: 'ping' }, [{ kind: 'ignored' }]],
    ['to a ping, on futures', { success: true, ret_msg: 'pong', conn_id: 'c', req_id: '', op: 'ping' }, [{ kind: 'ignored' }]],
    ['to a ping, on options', { args: ['1672916271846'], op: 'pong' }, [{ kind: 'ignored' }]],
    ['that is none', { conn_id: 'c' }, [{ kind: 'malformed', reason: 'neither data nor a reply' }]],
  ])('%s', (_, message, expected) => expect(read(message)).toEqual(expected)); // prettier-ignore
});
