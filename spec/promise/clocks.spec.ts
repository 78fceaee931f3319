import { describe, expect, it } from 'vitest';
import { binanceSpot } from '../../src/venues/binance/spot.ts';
import { binanceUsdm } from '../../src/venues/binance/usdm.ts';
import { SimFeed } from '../support/sim-feed.ts';
import { complaintsAbout } from '../support/sim-oracle.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const RIGHT = { clockErrorMs: 300, tailMs: 15_000 };

describe('a clock that goes wrong changes nothing but the timing', () => {
  it.each([
    ['the machine slept for an hour', HOUR],
    ['the machine slept for half a minute', 30_000],
    ['the local clock leapt an hour ahead', -HOUR],
    ['the local clock leapt 40 s ahead', -40_000],
    ['the local clock leapt 10 s ahead', -10_000],
  ])('%s', (_, byMs) => {
    const jumps = [{ at: 3 * MINUTE + 25_000, byMs }];
    for (const venue of [binanceUsdm, binanceSpot]) {
      const sim = new SimFeed({ venue, jumps, lagMs: 300, movesAfterCloseMs: 300 });
      sim.subscribe('BTCUSDT', '1m');
      sim.subscribe('ETHUSDT', '1m', { history: 10 });
      sim.advance(10 * MINUTE + Math.max(0, -byMs));
      expect(complaintsAbout(sim, RIGHT)).toEqual([]);
    }
  });

  it.each([
    ['asleep, and the connection did not survive it', HOUR],
    ['a leap ahead, and every close is lost', -HOUR],
  ])('%s', (_, byMs) => {
    const at = 3 * MINUTE + 25_000;
    const sim = new SimFeed({ venue: binanceUsdm, jumps: [{ at, byMs }], lagMs: 900, movesAfterCloseMs: 900 });
    sim.subscribe('BTCUSDT', '1m');
    sim.advance(at - 1);
    if (byMs > 0) for (const session of sim.exchange.stream.open) session.isHalfOpen = true;
    else sim.exchange.stream.swallow = () => true;
    sim.advance(10 * MINUTE + Math.max(0, -byMs));
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });

  it.each([500, -500])('drifts by %i ppm for two hours', (ppm) => {
    const sim = new SimFeed({ venue: binanceUsdm, drift: ppm / 1e6, lagMs: 900, movesAfterCloseMs: 900 });
    sim.exchange.stream.swallow = (_series, openTime) => (openTime / MINUTE) % 3 === 0;
    sim.subscribe('BTCUSDT', '1m');
    sim.advance(2 * HOUR);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });
});
