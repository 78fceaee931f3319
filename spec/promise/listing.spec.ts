import { describe, expect, it } from 'vitest';
import type { Interval } from '../../src/core/interval.ts';
import { binanceCoinm } from '../../src/venues/binance/coinm.ts';
import { binanceSpot } from '../../src/venues/binance/spot.ts';
import { binanceUsdm } from '../../src/venues/binance/usdm.ts';
import { SIM_START } from '../support/sim-exchange.ts';
import { openTimesOf, SimFeed } from '../support/sim-feed.ts';
import { complaintsAbout } from '../support/sim-oracle.ts';

const MINUTE = 60_000;
const RIGHT = { clockErrorMs: 300, tailMs: 15_000 };
const VENUES = [binanceUsdm, binanceCoinm, binanceSpot].map((venue) => [venue.id, venue] as const);

/** How long after its close the first candle of a symbol came that begins to trade so long after `subscribe`, ms. */
function firstOf(venue: typeof binanceUsdm, listedAfterMs: number, interval: Interval = '1m') {
  const listedAt = SIM_START + listedAfterMs;
  const sim = new SimFeed({ venue, truth: { listedAt } });
  const subscriber = sim.subscribe('BTCUSDT', interval);
  sim.advance(listedAfterMs + 5 * MINUTE);
  expect(openTimesOf(subscriber)[0]).toBe(listedAt);
  expect(sim.of('CANDLE_MISSING')).toEqual([]);
  expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  const [first] = subscriber.got;
  return { lateMs: (first?.at ?? Infinity) - (first?.candle.closeTime ?? 0) };
}

describe.each(VENUES)('a new listing on %s', (_, venue) => {
  const pushed = venue === binanceSpot ? 200 : 2400;

  it.each([1, 2, 7, 30])(
    'that trades %i minutes after subscribing delivers its first candle as it closes',
    (minutes) => {
      const { lateMs } = firstOf(venue, minutes * MINUTE);
      expect(lateMs).toBeLessThan(pushed + 100);
    },
  );
});

it('on spot delivers its first second within two', () => {
  const { lateMs } = firstOf(binanceSpot, 90_000, '1s');
  expect(lateMs).toBeLessThan(2500);
});
