import { expect, it } from 'vitest';
import { gateStream } from '../../../src/venues/gate/stream.ts';
import { payloadOf, seriesOf } from '../../../src/venues/gate/topic.ts';

it('asks for one topic a request, and says when, in seconds', () => {
  let last = 0;
  const requests = gateStream.requests('subscribe', ['1m_BTC_USDT', '1d_A_B'], {
    nextId: () => String(++last),
    now: 1_611_541_000_999,
  });
  expect(requests.map(({ text }) => text)).toEqual([
    '{"time":1611541000,"id":1,"channel":"spot.candlesticks","event":"subscribe","payload":["1m","BTC_USDT"]}',
    '{"time":1611541000,"id":2,"channel":"spot.candlesticks","event":"subscribe","payload":["1d","A_B"]}',
  ]);
});

it('names a topic as frames do', () => {
  expect(payloadOf('1m_BTC_USDT')).toEqual(['1m', 'BTC_USDT']);
  expect(seriesOf('8h_BTC_USDT')).toEqual({ interval: '8h', symbol: 'BTC_USDT' });
  expect(['1m_', '3m_BTC_USDT', 'BTC', '', 7].map(seriesOf)).toEqual(Array(5).fill(undefined));
});
