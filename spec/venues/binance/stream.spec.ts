import { describe, expect, it } from 'vitest';
import { binanceSpot } from '../../../src/venues/binance/spot.ts';
import { binanceUsdm } from '../../../src/venues/binance/usdm.ts';

describe('requests', () => {
  it.each([
    ['BTCUSDT', '1m', 'btcusdt@kline_1m'],
    ['BTCUSD_PERP', '1M', 'btcusd_perp@kline_1M'],
    ['币安人生USDT', '1h', '币安人生usdt@kline_1h'],
    ['İUSDT', '1h', 'İusdt@kline_1h'],
  ] as const)('%s %s is the topic %s', (symbol, interval, topic) => {
    expect(binanceUsdm.stream.topicOf({ symbol, interval })).toBe(topic);
  });

  it('name their topics and an id', () => {
    const topics = ['a@kline_1m', 'b@kline_1m'];
    const [request] = binanceSpot.stream.requests('unsubscribe', topics, { nextId: () => '9', now: 0 });
    expect(request).toMatchObject({ id: '9', topics });
    expect(request?.text).toBe('{"method":"UNSUBSCRIBE","params":["a@kline_1m","b@kline_1m"],"id":9}');
  });
});
