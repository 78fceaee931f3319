import { describe, expect, it } from 'vitest';
import { binanceCoinm } from '../../src/venues/binance/coinm.ts';
import { binanceSpot } from '../../src/venues/binance/spot.ts';
import { binanceUsdm } from '../../src/venues/binance/usdm.ts';
import { SIM_START } from '../support/sim-exchange.ts';
import { openTimesOf, SimFeed } from '../support/sim-feed.ts';
import { complaintsAbout } from '../support/sim-oracle.ts';

const MINUTE = 60_000;
const RIGHT = { clockErrorMs: 300, tailMs: 20_000 };
const at = (minute: number) => SIM_START + minute * MINUTE;
const hole = (from: number, before: number) => ({ holes: [{ from: at(from), before: at(before) }] });
const VENUES = [binanceUsdm, binanceCoinm, binanceSpot].map((venue) => [venue.id, venue] as const);

describe('what chaos found, in virtual time', () => {
  it.each(VENUES)('seed 2: a past that ends in a hole, which reaches into the present (%s)', (_, venue) => {
    const sim = new SimFeed({ venue, truth: hole(4, 7) });
    sim.advance(5.5 * MINUTE);
    const [since, history] = [{ since: at(1) }, { history: 3 }].map((past) => sim.subscribe('BTCUSDT', '1m', past));
    sim.advance(5 * MINUTE);
    expect(since && openTimesOf(since)).toEqual([2, 3, 7, 8, 9].map(at));
    expect(history && openTimesOf(history)).toEqual([1, 2, 3, 7, 8, 9].map(at));
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });

  it.each(VENUES)('seed 1: two subscriptions that begin at two places of one hole (%s)', (_, venue) => {
    const sim = new SimFeed({ venue, truth: hole(1, 6) });
    sim.advance(20_000);
    sim.subscribe('BTCUSDT', '1m');
    sim.advance(7 * MINUTE);
    for (const minute of [3, 0, 2, -5]) sim.subscribe('BTCUSDT', '1m', { since: at(minute) });
    sim.advance(2 * MINUTE);
    expect(sim.of('CANDLE_MISSING').map(({ from, to }) => [from, to])).toEqual([[at(1), at(5)]]);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });

  it.each(VENUES)('seed 1: the smaller part of a hole told first (%s)', (_, venue) => {
    const sim = new SimFeed({ venue, truth: hole(1, 6) });
    sim.advance(3.5 * MINUTE);
    sim.subscribe('BTCUSDT', '1m');
    sim.advance(5 * MINUTE);
    sim.subscribe('BTCUSDT', '1m', { since: at(0) });
    sim.advance(MINUTE);
    expect(sim.of('CANDLE_MISSING').map(({ from, to }) => [from, to])).toEqual([
      [at(3), at(5)],
      [at(1), at(2)],
    ]);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });
});
