import { describe, expect, it } from 'vitest';
import { DEFAULT_RECONNECT } from '../../src/core/defaults.ts';
import { binanceUsdm } from '../../src/venues/binance/usdm.ts';
import { SIM_START } from '../support/sim-exchange.ts';
import { openTimesOf, SimFeed } from '../support/sim-feed.ts';
import { complaintsAbout } from '../support/sim-oracle.ts';

const MINUTE = 60_000;
const RIGHT = { clockErrorMs: 300, tailMs: 10_000 };

describe('a subscription begins with the candle that is running when subscribe is called', () => {
  it('also when the first connection takes a minute and a half', () => {
    const sim = new SimFeed({ venue: binanceUsdm });
    sim.exchange.stream.refuseWith = 503;
    sim.advance(20_000);
    const subscriber = sim.subscribe('BTCUSDT', '1m');
    sim.advance(90_000);
    sim.exchange.stream.refuseWith = undefined;
    sim.advance(5 * MINUTE);
    expect(openTimesOf(subscriber)[0]).toBe(SIM_START);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });

  it('also when the handshake itself takes that long', () => {
    const sim = new SimFeed({ venue: binanceUsdm });
    sim.exchange.stream.handshakeMs = 15_000;
    sim.advance(50_000);
    const subscriber = sim.subscribe('BTCUSDT', '1m');
    sim.advance(5 * MINUTE);
    expect(openTimesOf(subscriber)[0]).toBe(SIM_START);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });

  it('also when the clock is learnt two minutes later', () => {
    const sim = new SimFeed({ venue: binanceUsdm });
    sim.exchange.rest.failWith = 'network';
    sim.exchange.stream.refuseWith = 503;
    sim.advance(20_000);
    const subscriber = sim.subscribe('BTCUSDT', '1m');
    sim.advance(2 * MINUTE);
    expect(subscriber.got).toEqual([]);
    sim.exchange.rest.failWith = undefined;
    sim.exchange.stream.refuseWith = undefined;
    sim.advance(5 * MINUTE);
    expect(openTimesOf(subscriber)[0]).toBe(SIM_START);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });

  it('also when frames alone tell the time', () => {
    const sim = new SimFeed({ venue: binanceUsdm });
    sim.exchange.rest.failWith = 'server';
    sim.advance(20_000);
    const subscriber = sim.subscribe('BTCUSDT', '1m');
    sim.advance(5 * MINUTE);
    expect(openTimesOf(subscriber)).toEqual(
      [0, 1, 2, 3].map((minute) => SIM_START + minute * MINUTE).concat(SIM_START + 4 * MINUTE),
    );
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });

  it('for the tenth subscriber too, although the series is in the middle of a backfill', () => {
    const reconnect = { ...DEFAULT_RECONNECT, maxRetries: Infinity };
    const sim = new SimFeed({ venue: binanceUsdm }, { reconnect });
    sim.advance(20_000);
    const first = sim.subscribe('BTCUSDT', '1m');
    sim.advance(MINUTE);
    sim.exchange.rest.failWith = 'server';
    sim.exchange.stream.refuseWith = 503;
    sim.exchange.stream.dropAll();
    sim.advance(5 * MINUTE);
    const tenth = sim.subscribe('BTCUSDT', '1m');
    sim.advance(MINUTE);
    sim.exchange.rest.failWith = undefined;
    sim.exchange.stream.refuseWith = undefined;
    sim.advance(6 * MINUTE);
    expect(openTimesOf(first)[0]).toBe(SIM_START);
    expect(openTimesOf(tenth)[0]).toBe(SIM_START + 6 * MINUTE);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });

  it('for one who comes when the running candle has been delivered already: with the next', () => {
    // The exchange says that a candle is closed some ms before our idea of its clock does.
    const sim = new SimFeed({ venue: binanceUsdm, latenessMs: [0, 0] });
    sim.advance(20_000);
    sim.subscribe('BTCUSDT', '1m');
    sim.advance(40_000 + 31);
    const second = sim.subscribe('BTCUSDT', '1m');
    sim.advance(3 * MINUTE);
    expect(openTimesOf(second)[0]).toBe(SIM_START + MINUTE);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });
});
