import { describe, expect, it } from 'vitest';
import { binanceCoinm } from '../../src/venues/binance/coinm.ts';
import { binanceSpot } from '../../src/venues/binance/spot.ts';
import { binanceUsdm } from '../../src/venues/binance/usdm.ts';
import { SimFeed } from '../support/sim-feed.ts';
import { complaintsAbout, leftovers } from '../support/sim-oracle.ts';

const MINUTE = 60_000;
const RIGHT = { clockErrorMs: 300, tailMs: 5000 };

describe('on a healthy stream', () => {
  it.each([
    ['binance-usdm', '1m', binanceUsdm],
    ['binance-coinm', '1m', binanceCoinm],
    ['binance-spot', '1m', binanceSpot],
    ['binance-spot', '1s', binanceSpot],
  ] as const)('%s %s closes come from the stream alone', (_, interval, venue) => {
    const sim = new SimFeed({ venue });
    sim.advance(20_000);
    const subscribers = ['BTCUSDT', 'ETHUSDT'].map((symbol) => sim.subscribe(symbol, interval));
    sim.advance(5 * MINUTE);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
    expect(subscribers[0]?.got.length).toBeGreaterThan(3);
    expect(sim.exchange.rest.klines).toEqual([]);
    expect(new Set(subscribers.flatMap(({ got }) => got.map(({ candle }) => candle.source)))).toEqual(
      new Set(['stream']),
    );
    sim.leaveAll();
    sim.advance(2000);
    expect(leftovers(sim)).toEqual([]);
  });
});
