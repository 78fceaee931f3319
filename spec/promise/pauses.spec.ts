import { describe, expect, it } from 'vitest';
import { binanceCoinm } from '../../src/venues/binance/coinm.ts';
import { binanceSpot } from '../../src/venues/binance/spot.ts';
import { binanceUsdm } from '../../src/venues/binance/usdm.ts';
import { SIM_START } from '../support/sim-exchange.ts';
import { openTimesOf, SimFeed } from '../support/sim-feed.ts';
import { complaintsAbout, leftovers } from '../support/sim-oracle.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const RIGHT = { clockErrorMs: 300, tailMs: 20_000 };
const VENUES = [binanceUsdm, binanceCoinm, binanceSpot].map((venue) => [venue.id, venue] as const);

/** A market that began years ago and paused so long, up to `endedAgo` before now. */
function paused(venue: typeof binanceUsdm, lasted: number, endedAgo: number) {
  const before = SIM_START - endedAgo;
  const truth = { listedAt: before - lasted - 3 * DAY, holes: [{ from: before - lasted, before }] };
  return new SimFeed({ venue, truth });
}

const missingOf = (sim: SimFeed) => sim.of('CANDLE_MISSING').map(({ from, to }) => [from, to]);

describe.each(VENUES)('a pause of the exchange on %s', (_, venue) => {
  // COIN-M lets no request span more than 200 days.
  const long = venue === binanceCoinm ? [['two years', 730 * DAY] as const] : [];

  it.each([['72 hours', 72 * HOUR] as const, ['5½ months', 165 * DAY] as const, ...long])(
    'of %s costs history a few seconds and requests, and is told once',
    (__, lasted) => {
      const sim = paused(venue, lasted, 50 * MINUTE);
      const subscriber = sim.subscribe('BTCUSDT', '1m', { history: 200 });
      sim.advance(8000);
      expect(subscriber.got).toHaveLength(200);
      expect(missingOf(sim)).toEqual([[SIM_START - 50 * MINUTE - lasted, SIM_START - 51 * MINUTE]]);
      expect(sim.exchange.rest.klines.length).toBeLessThan(30);
      sim.advance(3 * MINUTE);
      expect(complaintsAbout(sim, RIGHT)).toEqual([]);
    },
  );

  it.each([['5½ months', 165 * DAY] as const, ...long])(
    'of %s costs since a few seconds and requests too',
    (__, lasted) => {
      const sim = paused(venue, lasted, 2 * HOUR);
      sim.subscribe('BTCUSDT', '1m', { since: SIM_START - 2 * HOUR - lasted - 30 * MINUTE });
      sim.advance(10_000);
      expect(missingOf(sim)).toEqual([[SIM_START - 2 * HOUR - lasted, SIM_START - 121 * MINUTE]]);
      expect(sim.exchange.rest.klines.length).toBeLessThan(60);
      sim.advance(3 * MINUTE);
      expect(complaintsAbout(sim, RIGHT)).toEqual([]);
    },
  );

  it('that is longer ago than all the candles wanted costs nothing', () => {
    const sim = paused(venue, 250 * DAY, 300 * MINUTE);
    const subscriber = sim.subscribe('BTCUSDT', '1m', { history: 200 });
    sim.advance(3000);
    expect(subscriber.got).toHaveLength(200);
    expect(missingOf(sim)).toEqual([]);
    expect(sim.exchange.rest.klines.length).toBeLessThan(4);
  });

  it('does not hide that the exchange has no more candles than that', () => {
    const sim = paused(venue, 250 * DAY, 50 * MINUTE);
    const subscriber = sim.subscribe('BTCUSDT', '1m', { history: 6000 });
    sim.advance(30_000);
    expect(subscriber.got).toHaveLength(3 * 1440 + 50);
    expect(missingOf(sim)).toHaveLength(1);
    sim.advance(3 * MINUTE);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });

  it('that is not over yet does not keep history back, and nothing is lost when it ends', () => {
    const back = SIM_START + 5 * MINUTE;
    const sim = new SimFeed({ venue, truth: { holes: [{ from: SIM_START - 300 * MINUTE, before: back }] } });
    const subscriber = sim.subscribe('BTCUSDT', '1m', { history: 5 });
    sim.advance(10_000);
    expect(openTimesOf(subscriber)).toEqual([5, 4, 3, 2, 1].map((n) => SIM_START - (300 + n) * MINUTE));
    expect(missingOf(sim)).toEqual([]);
    sim.advance(10 * MINUTE);
    expect(openTimesOf(subscriber).slice(5, 8)).toEqual([0, 1, 2].map((n) => back + n * MINUTE));
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
    sim.leaveAll();
    sim.advance(2000);
    expect(leftovers(sim)).toEqual([]);
  });

  it('that a live subscription sits through is told once, when it is over', () => {
    const back = SIM_START + 4 * HOUR;
    const sim = new SimFeed({ venue, truth: { holes: [{ from: SIM_START + 2 * MINUTE, before: back }] } });
    const subscriber = sim.subscribe('BTCUSDT', '1m');
    sim.advance(4 * HOUR + 3 * MINUTE);
    expect(openTimesOf(subscriber).slice(0, 4)).toEqual([SIM_START, SIM_START + MINUTE, back, back + MINUTE]);
    expect(missingOf(sim)).toEqual([[SIM_START + 2 * MINUTE, back - MINUTE]]);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });
});
