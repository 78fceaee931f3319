import { describe, expect, it } from 'vitest';
import { binanceCoinm } from '../../src/venues/binance-coinm.ts';
import { binanceSpot } from '../../src/venues/binance-spot.ts';
import { binanceUsdm } from '../../src/venues/binance-usdm.ts';
import { openTimesOf, SimFeed } from '../support/sim-feed.ts';
import { leftovers } from '../support/sim-oracle.ts';

const MINUTE = 60_000;
const VENUES = [binanceUsdm, binanceCoinm, binanceSpot].map((venue) => [venue.id, venue] as const);

/** What was told of waiting: for what, and after how many seconds. */
const toldBy = (sim: SimFeed) =>
  sim.of('WAITING').map(({ what, waitedMs }) => `${what} ${String(Math.round(waitedMs / 1000))}`);

describe.each(VENUES)('on %s somebody who waits longer than ten seconds', (_, venue) => {
  it('is told that the exchange’s time and list cannot be had, and why, every ten seconds', () => {
    const sim = new SimFeed({ venue });
    sim.exchange.rest.failWith = 'network';
    sim.exchange.stream.refuseWith = 503;
    const subscriber = sim.subscribe('BTCUSDT', '1m');
    sim.advance(35_000);
    expect(toldBy(sim)).toEqual([10, 20, 30].flatMap((s) => [`clock ${String(s)}`, `symbol list ${String(s)}`]));
    expect(sim.of('WAITING')[0]).toMatchObject({ reason: 'REST: network (simulated: network)' });
    expect(sim.of('WAITING')[0]?.since).toBe(subscriber.subscribedAt);
    sim.leaveAll();
    sim.advance(2000);
    expect(leftovers(sim)).toEqual([]);
  });

  it('hears no more of it when it has come', () => {
    const sim = new SimFeed({ venue });
    sim.exchange.rest.failWith = 'server';
    sim.exchange.stream.refuseWith = 503;
    const subscriber = sim.subscribe('BTCUSDT', '1m');
    sim.advance(25_000);
    sim.exchange.rest.failWith = undefined;
    sim.exchange.stream.refuseWith = undefined;
    sim.advance(31_000);
    const told = sim.of('WAITING').length;
    sim.advance(10 * MINUTE);
    expect(sim.of('WAITING')).toHaveLength(told);
    expect(openTimesOf(subscriber).length).toBeGreaterThan(9);
  });

  it('is told nothing while nothing takes long', () => {
    const sim = new SimFeed({ venue });
    sim.subscribe('BTCUSDT', '1m', { history: 700 });
    sim.advance(20 * MINUTE);
    expect(sim.of('WAITING')).toEqual([]);
  });
});
