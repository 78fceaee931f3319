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

describe('a candle that the exchange lacks', () => {
  it('is told missing after five good answers over five seconds, once, and the series goes on', () => {
    const sim = new SimFeed({ venue: binanceUsdm, truth: hole(1, 3) });
    sim.advance(20_000);
    const subscriber = sim.subscribe('BTCUSDT', '1m');
    sim.advance(6 * MINUTE);
    expect(openTimesOf(subscriber)).toEqual([0, 3, 4, 5].map(at));
    const [missing, ...more] = sim.of('CANDLE_MISSING');
    expect(more).toEqual([]);
    expect(missing).toMatchObject({ from: at(1), to: at(2) });
    const rightNeighbourSettled = at(4) + binanceUsdm.timing.settleMs;
    const answers = sim.exchange.rest.klines.filter(
      ({ exchangeAt }) => exchangeAt >= rightNeighbourSettled && exchangeAt <= (missing?.at ?? 0),
    );
    expect(answers.length).toBeGreaterThanOrEqual(5);
    expect((missing?.at ?? 0) - rightNeighbourSettled).toBeGreaterThanOrEqual(5000);
    expect((missing?.at ?? 0) - rightNeighbourSettled).toBeLessThan(15_000);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });

  it.each([binanceUsdm, binanceCoinm, binanceSpot].map((venue) => [venue.id, venue] as const))(
    'is told after three answers over a second when it is more than an hour old (%s)',
    (_, venue) => {
      const sim = new SimFeed({ venue, truth: hole(-200, -190) });
      sim.subscribe('BTCUSDT', '1m', { history: 300 });
      sim.advance(15_000);
      const [missing] = sim.of('CANDLE_MISSING');
      expect(missing).toMatchObject({ from: at(-200), to: at(-191) });
      expect(missing?.at ?? 0).toBeGreaterThan(SIM_START + 1000);
      expect(complaintsAbout(sim, RIGHT)).toEqual([]);
    },
  );

  it.each([binanceUsdm, binanceCoinm, binanceSpot].map((venue) => [venue.id, venue] as const))(
    'may be one of thousands in a row (%s)',
    (_, venue) => {
      const sim = new SimFeed({ venue, truth: hole(-4000, -10) });
      sim.subscribe('BTCUSDT', '1m', { since: at(-4100) });
      sim.advance(3 * MINUTE);
      expect(sim.of('CANDLE_MISSING').map(({ from, to }) => [from, to])).toEqual([[at(-4000), at(-11)]]);
      expect(complaintsAbout(sim, RIGHT)).toEqual([]);
    },
  );

  it('is never concluded from empty answers', () => {
    const sim = new SimFeed({ venue: binanceUsdm });
    sim.exchange.stream.swallow = (_series, openTime) => openTime === at(1);
    sim.exchange.rest.tamper = () => [];
    sim.subscribe('BTCUSDT', '1m');
    sim.advance(10 * MINUTE);
    expect(sim.of('CANDLE_MISSING')).toEqual([]);
    sim.exchange.rest.tamper = (rows) => rows;
    sim.advance(2 * MINUTE);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });
});
