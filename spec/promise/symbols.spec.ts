import { describe, expect, it } from 'vitest';
import { SymbolNotTradingError, UnknownSymbolError } from '../../src/core/errors.ts';
import { binanceCoinm } from '../../src/venues/binance/coinm.ts';
import { binanceSpot } from '../../src/venues/binance/spot.ts';
import { binanceUsdm } from '../../src/venues/binance/usdm.ts';
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

const DAY = 1440 * MINUTE;

describe('a spot symbol with the status BREAK, which says both paused and delisted', () => {
  const BREAK = { symbol: 'BTCUSDT', status: 'BREAK', phase: 'paused or ended', deliveryTime: null } as const;
  const TRADES = { ...BREAK, status: 'TRADING', phase: 'trading' } as const;

  /** Its last candle closed so long ago. */
  function broken(agoMs: number) {
    const endsAt = SIM_START - agoMs;
    const sim = new SimFeed({ venue: binanceSpot, truth: { listedAt: endsAt - 30 * DAY, endsAt } });
    sim.exchange.rest.symbols = [BREAK];
    return { sim, last: endsAt - MINUTE };
  }

  it.each([8 * DAY, 400 * DAY, 2500 * DAY])('has ended when that was %d ms ago', (agoMs) => {
    const { sim, last } = broken(agoMs);
    const live = sim.subscribe('BTCUSDT', '1m');
    const [history, since] = [{ history: 5 }, { since: last - 3 * MINUTE }].map((options) =>
      sim.subscribe('BTCUSDT', '1m', options),
    );
    sim.advance(15_000);
    expect(live.error).toBeInstanceOf(SymbolNotTradingError);
    expect(live.error).toMatchObject({ status: 'BREAK' });
    expect(history && openTimesOf(history)).toEqual([4, 3, 2, 1, 0].map((n) => last - n * MINUTE));
    expect(since && openTimesOf(since)).toEqual([2, 1, 0].map((n) => last - n * MINUTE));
    expect([history?.completed, since?.completed]).toEqual([true, true]);
    sim.advance(2000);
    expect(leftovers(sim)).toEqual([]);
  });

  it('is paused when that was less than a week ago: history comes, and live candles when it trades again', () => {
    const back = SIM_START + 3 * MINUTE;
    const truth = { listedAt: SIM_START - 30 * DAY, holes: [{ from: SIM_START - 6 * DAY, before: back }] };
    const sim = new SimFeed({ venue: binanceSpot, truth });
    sim.exchange.rest.symbols = [BREAK];
    const live = sim.subscribe('BTCUSDT', '1m');
    const history = sim.subscribe('BTCUSDT', '1m', { history: 5 });
    sim.advance(15_000);
    expect(openTimesOf(history)).toEqual([5, 4, 3, 2, 1].map((n) => SIM_START - 6 * DAY - n * MINUTE));
    sim.advance(MINUTE);
    sim.exchange.rest.symbols = [TRADES];
    sim.advance(10 * MINUTE);
    expect(openTimesOf(live).slice(0, 2)).toEqual([back, back + MINUTE]);
    expect(openTimesOf(history).slice(5, 7)).toEqual([back, back + MINUTE]);
  });

  it('ends while we watch when its last candle has become a week old', () => {
    const { sim } = broken(7 * DAY - 20 * MINUTE);
    const live = sim.subscribe('BTCUSDT', '1m');
    const history = sim.subscribe('BTCUSDT', '1m', { history: 5 });
    sim.advance(15 * MINUTE);
    expect([live.completed, live.error, history.completed]).toEqual([false, undefined, false]);
    expect(history.got).toHaveLength(5);
    sim.advance(12 * MINUTE);
    expect([live.completed, live.error, history.completed]).toEqual([true, undefined, true]);
    expect(sim.of('CANDLE_MISSING')).toEqual([]);
    sim.advance(2000);
    expect(leftovers(sim)).toEqual([]);
  });

  it('is not taken for dead because answers leave its candles out', () => {
    const { sim } = broken(DAY);
    let left = 2;
    sim.exchange.rest.tamper = (rows) => (left-- > 0 ? [] : rows);
    const live = sim.subscribe('BTCUSDT', '1m');
    sim.advance(30_000);
    expect(live.error).toBeUndefined();
  });

  it('is waited for where it has not traded yet', () => {
    const sim = new SimFeed({ venue: binanceSpot, truth: { listedAt: SIM_START + 2 * MINUTE } });
    sim.exchange.rest.symbols = [BREAK];
    const live = sim.subscribe('BTCUSDT', '1m');
    sim.advance(5 * MINUTE);
    expect(openTimesOf(live)[0]).toBe(SIM_START + 2 * MINUTE);
  });
});
