import { describe, expect, it } from 'vitest';
import { binanceUsdm } from '../../../src/venues/binance/usdm.ts';
import type { StreamMessage } from '../../../src/ports/stream-protocol.ts';
import { klineFrame } from '../../support/fake-sessions.ts';

describe('other messages', () => {
  it.each<readonly [text: string, decoded: StreamMessage]>([
    ['{"result":null,"id":7}', { kind: 'ack', id: '7' }],
    ['{"result":["btcusdt@kline_1m"],"id":3}', { kind: 'ack', id: '3' }],
    ['{"error":{"code":4,"msg":"Too many"},"id":7}', { kind: 'rejected', id: '7', reason: '4: Too many' }],
    ['{"error":{"code":4,"msg":"Too many"}}', { kind: 'rejected', reason: '4: Too many' }],
    ['{"code":2,"msg":"Invalid request","id":7}', { kind: 'rejected', id: '7', reason: '2: Invalid request' }],
    ['{"code":3,"msg":"Invalid JSON"}', { kind: 'rejected', reason: '3: Invalid JSON' }],
    ['{"e":"serverShutdown","E":1}', { kind: 'going away' }],
    ['{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1}}', { kind: 'going away' }],
    ['{"stream":"x@aggTrade","data":{"e":"aggTrade","E":1}}', { kind: 'ignored' }],
    ['{"stream":"!ticker@arr","data":[]}', { kind: 'ignored' }],
    ['{"e":"continuous_kline","ps":"BTCUSDT","k":{"x":true}}', { kind: 'ignored' }],
    ['{"stream":"x"}', { kind: 'malformed', reason: 'no data in the envelope' }],
    ['{}', { kind: 'malformed', reason: 'neither an event nor a reply' }],
    ...['', 'x', 'null', '7', '[]', '"x"', '{"e":"kline"'].map(
      (text) => [text, { kind: 'malformed', reason: 'not a JSON object' }] as const,
    ),
  ])('%s', (text, decoded) => {
    expect(binanceUsdm.stream.decode(Buffer.from(text))).toEqual([decoded]);
  });

  it('is malformed where its bytes are not UTF-8', () => {
    const frame = Buffer.from(klineFrame('btcusdt@kline_1m', 60_000, true));
    frame[frame.indexOf('BTC')] = 0xff;
    expect(binanceUsdm.stream.decode(frame)).toEqual([{ kind: 'malformed', reason: 'not UTF-8' }]);
  });
});
