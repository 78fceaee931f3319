import { describe, expect, it } from 'vitest';
import { SymbolNotTradingError, UnknownSymbolError } from '../../src/core/errors.ts';
import { binanceCoinm } from '../../src/venues/binance-coinm.ts';
import { binanceSpot } from '../../src/venues/binance-spot.ts';
import { binanceUsdm } from '../../src/venues/binance-usdm.ts';
import { SIM_START } from '../support/sim-exchange.ts';
import { openTimesOf, SimFeed } from '../support/sim-feed.ts';
import { leftovers } from '../support/sim-oracle.ts';

const MINUTE = 60_000;
const VENUES = [binanceUsdm, binanceCoinm, binanceSpot].map((venue) => [venue.id, venue] as const);
const ended = (deliveryTime: number | null) =>
  ({ symbol: 'BTCUSDT', status: 'SETTLING', phase: 'ended', deliveryTime }) as const;

describe.each(VENUES)('symbols on %s', (_, venue) => {
  it('one that ends while we watch completes after its last candle', () => {
    const sim = new SimFeed({ venue, truth: { endsAt: SIM_START + 5 * MINUTE } });
    sim.advance(20_000);
    const subscriber = sim.subscribe('BTCUSDT', '1m');
    sim.advance(5 * MINUTE);
    sim.exchange.rest.symbols = [ended(null)];
    sim.advance(10 * MINUTE);
    expect(openTimesOf(subscriber)).toEqual([0, 1, 2, 3, 4].map((minute) => SIM_START + minute * MINUTE));
    expect(subscriber.completed).toBe(true);
    expect(leftovers(sim)).toEqual([]);
  });

  it('one that has ended gives its past to those who ask for it, and completes', () => {
    const sim = new SimFeed({ venue, truth: { endsAt: SIM_START - 100 * MINUTE } });
    sim.exchange.rest.symbols = [ended(SIM_START - 100 * MINUTE)];
    const [history, since] = [{ history: 1200 }, { since: SIM_START - 111 * MINUTE }].map((options) =>
      sim.subscribe('BTCUSDT', '1m', options),
    );
    const live = sim.subscribe('BTCUSDT', '1m');
    sim.advance(MINUTE);
    expect(live.error).toBeInstanceOf(SymbolNotTradingError);
    expect(history?.got).toHaveLength(1200);
    expect(history?.got.at(-1)?.candle.timestamp).toBe(SIM_START - 101 * MINUTE);
    expect(since?.got).toHaveLength(10);
    expect([history?.completed, since?.completed]).toEqual([true, true]);
    expect(leftovers(sim)).toEqual([]);
  });

  it('one that the exchange does not list is an error, found as soon as the list can be read', () => {
    const sim = new SimFeed({ venue });
    sim.exchange.rest.failWith = 'network';
    const subscriber = sim.subscribe('NOPEUSDT', '1m');
    sim.advance(2 * MINUTE);
    expect(subscriber.error).toBeUndefined();
    sim.exchange.rest.failWith = undefined;
    sim.advance(MINUTE);
    expect(subscriber.error).toBeInstanceOf(UnknownSymbolError);
    sim.advance(2000);
    expect(leftovers(sim)).toEqual([]);
  });

  it('one that is halted goes on', () => {
    const sim = new SimFeed({ venue });
    sim.exchange.rest.symbols = [{ symbol: 'BTCUSDT', status: 'HALT', phase: 'paused', deliveryTime: null }];
    const subscriber = sim.subscribe('BTCUSDT', '1m');
    sim.advance(3 * MINUTE + 10_000);
    expect(subscriber.got).toHaveLength(3);
  });
});
