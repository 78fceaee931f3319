import { describe, expect, it } from 'vitest';
import type { Interval } from '../../src/core/interval.ts';
import { binanceCoinm } from '../../src/venues/binance/coinm.ts';
import { binanceSpot } from '../../src/venues/binance/spot.ts';
import { binanceUsdm } from '../../src/venues/binance/usdm.ts';
import { SIM_START } from '../support/sim-exchange.ts';
import { openTimesOf, SimFeed } from '../support/sim-feed.ts';
import { complaintsAbout } from '../support/sim-oracle.ts';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const RIGHT = { clockErrorMs: 300, tailMs: 15_000 };
const VENUES = [binanceUsdm, binanceCoinm, binanceSpot].map((venue) => [venue.id, venue] as const);

describe.each(VENUES)('the past on %s', (_, venue) => {
  it('may be longer than a page, and is stitched to live without a seam', () => {
    const sim = new SimFeed({ venue, truth: { absentShare: 0.001 } });
    sim.advance(20_000);
    const subscriber = sim.subscribe('BTCUSDT', '1m', { history: 2750 });
    sim.advance(5 * MINUTE);
    expect(subscriber.got.filter(({ candle }) => candle.source === 'history')).toHaveLength(2750);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });

  it('may be asked for longer than the exchange has it', () => {
    const sim = new SimFeed({ venue, truth: { listedAt: SIM_START - 700 * MINUTE } });
    const subscriber = sim.subscribe('BTCUSDT', '1m', { history: 5000 });
    sim.advance(5 * MINUTE);
    expect(openTimesOf(subscriber)[0]).toBe(SIM_START - 700 * MINUTE);
    expect(sim.of('CANDLE_MISSING')).toEqual([]);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });

  it('may be asked for since long before the listing', () => {
    const sim = new SimFeed({ venue, truth: { listedAt: SIM_START - 700 * MINUTE } });
    const subscriber = sim.subscribe('BTCUSDT', '1m', { since: SIM_START - 900 * DAY });
    sim.advance(5 * MINUTE);
    expect(openTimesOf(subscriber)[0]).toBe(SIM_START - 700 * MINUTE);
    expect(sim.of('CANDLE_MISSING')).toEqual([]);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });

  it.each<Interval>(['3d', '1w', '1M'])('keeps the grid of %s', (interval) => {
    const anchor = SIM_START - 1000 * DAY - (SIM_START % DAY);
    const sim = new SimFeed({ venue, truth: { listedAt: anchor, anchor }, latenessMs: [100, 200] });
    sim.exchange.stream.refuseWith = 503;
    const subscriber = sim.subscribe('BTCUSDT', interval, { history: 12 });
    sim.advance(30_000);
    expect(subscriber.got).toHaveLength(12);
    sim.leave(subscriber);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });

  it('may begin in the future: then live candles begin there', () => {
    const sim = new SimFeed({ venue });
    sim.advance(20_000);
    const subscriber = sim.subscribe('BTCUSDT', '1m', { since: SIM_START + 2 * MINUTE + 5 });
    sim.advance(6 * MINUTE);
    expect(openTimesOf(subscriber)[0]).toBe(SIM_START + 3 * MINUTE);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });

  it('is read although REST fails for a minute', () => {
    const sim = new SimFeed({ venue });
    sim.exchange.rest.failWith = 'server';
    const subscriber = sim.subscribe('BTCUSDT', '1m', { history: 700 });
    sim.advance(2 * MINUTE);
    sim.exchange.rest.failWith = undefined;
    sim.advance(5 * MINUTE);
    expect(subscriber.got.length).toBeGreaterThan(700);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });
});
