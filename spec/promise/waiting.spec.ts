import { describe, expect, it } from 'vitest';
import { binanceCoinm } from '../../src/venues/binance/coinm.ts';
import { binanceSpot } from '../../src/venues/binance/spot.ts';
import { binanceUsdm } from '../../src/venues/binance/usdm.ts';
import { SIM_START } from '../support/sim-exchange.ts';
import { openTimesOf, SimFeed } from '../support/sim-feed.ts';
import { complaintsAbout, leftovers } from '../support/sim-oracle.ts';

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

describe.each(VENUES)('on %s a first candle', (_, venue) => {
  it('that cannot be found out is asked for less and less often, and told of with the reason', () => {
    const sim = new SimFeed({ venue, truth: { listedAt: SIM_START - 7 * MINUTE } });
    const subscriber = sim.subscribe('BTCUSDT', '1m', { history: 50 });
    sim.exchange.rest.failIf = ({ klines }) => (klines === undefined || klines.limit > 2 ? undefined : 'malformed');
    sim.advance(5 * MINUTE);
    const told = sim.of('WAITING').filter(({ what }) => what === 'first candle');
    expect(told.length).toBeGreaterThan(25);
    expect(told[0]).toMatchObject({
      symbol: 'BTCUSDT',
      interval: '1m',
      reason: 'REST: malformed (simulated: malformed)',
    });
    const searches = sim.exchange.rest.klines.filter(({ klines }) => Number(klines?.limit) <= 2);
    expect(searches.length).toBeLessThan(20);
    sim.exchange.rest.failIf = undefined;
    sim.advance(MINUTE);
    expect(openTimesOf(subscriber)[0]).toBe(SIM_START - 7 * MINUTE);
    expect(complaintsAbout(sim, { clockErrorMs: 300, tailMs: 15_000 })).toEqual([]);
  });

  it('before 2017 is a candle like any other', () => {
    const sim = new SimFeed({ venue, truth: { listedAt: Date.UTC(2012, 4, 6), anchor: 0 } });
    const subscriber = sim.subscribe('BTCUSDT', '1w', { history: 2000 });
    sim.advance(15_000);
    expect(openTimesOf(subscriber).length).toBeGreaterThan(500);
    expect(sim.of('WAITING')).toEqual([]);
  });
});

describe.each(VENUES)('on %s a page of the past', (_, venue) => {
  it('that cannot be had is told of', () => {
    const sim = new SimFeed({ venue });
    sim.subscribe('BTCUSDT', '1m', { history: 50 });
    sim.subscribe('ETHUSDT', '1m', { since: SIM_START - 50 * MINUTE });
    sim.exchange.rest.failIf = ({ klines }) => (klines === undefined ? undefined : 'server');
    sim.advance(25_000);
    const told = sim.of('WAITING').map(({ what, symbol }) => `${what} ${String(symbol)}`);
    expect(new Set(told)).toEqual(new Set(['page of the past BTCUSDT', 'page of the past ETHUSDT']));
    expect(told).toHaveLength(4);
    sim.leaveAll();
    sim.advance(2000);
    expect(leftovers(sim)).toEqual([]);
  });
});
