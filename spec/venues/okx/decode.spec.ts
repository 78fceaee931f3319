import { describe, expect, it } from 'vitest';
import { decode } from '../../../src/venues/okx/decode.ts';
import { plainRow, recordedOkx } from './samples.ts';

const say = (message: unknown) => decode(Buffer.from(typeof message === 'string' ? message : JSON.stringify(message)));

describe.skipIf(recordedOkx().frames.length === 0)('recorded frames', () => {
  it('say what they say: one running candle, two of 2022 that do not tell, and one of an index, which is not ours', () => {
    const said = recordedOkx().frames.flatMap((frame) => say(frame));
    expect(said.map((one) => (one.kind === 'candle' ? [one.candle.symbol, one.finality] : one.kind))).toEqual([
      ['XCH-USDT-SWAP', 'running'],
      ['BTC-USDT', 'unknown'],
      ['BTC-USD-220624', 'unknown'],
      'ignored',
    ]);
  });
});

it('reads every row of a frame by itself: one that is none costs itself alone', () => {
  const [good, bad] = [
    ['60000', '1', '2', '0.5', '1.5', '10', '11', '12', '1'],
    ['120000', 'x', '2', '0.5', '1.5', '10', '11', '12', '0'],
  ];
  const said = say({ arg: { channel: 'candle1m', instId: 'A-B' }, data: [good, bad, 7] });
  expect(said).toEqual([
    { kind: 'candle', ...plainRow(good, 'A-B', '1m', 'stream'), eventTime: null },
    { kind: 'malformed', reason: 'a price is not a number' },
    { kind: 'malformed', reason: 'a row is not a list' },
  ]);
});

it.each([
  ['pong', 'ignored'],
  [{ arg: { channel: 'candle1D', instId: 'A-B' }, data: [] }, 'ignored'],
  [{ event: 'notice', code: '64999', msg: 'something new' }, 'ignored'],
  [{ event: 'channel-conn-count', channel: 'orders', connCount: '2', connId: 'a' }, 'ignored'],
  [{ event: 'login', code: '0', msg: '' }, 'ignored'],
  [{ data: [] }, 'malformed'],
  [{ arg: { channel: 'candle1m' }, data: [] }, 'malformed'],
  [{ arg: { channel: 7, instId: 'A-B' }, data: [] }, 'malformed'],
  [{ arg: { channel: 'candle1m', instId: 'A-B' }, data: {} }, 'malformed'],
  [{ event: 7 }, 'malformed'],
  [{ op: 'pong' }, 'malformed'],
  ['PONG', 'malformed'],
])('takes %j for %s', (message, kind) => expect(say(message)).toMatchObject([{ kind }]));
