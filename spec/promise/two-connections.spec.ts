import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DEFAULT_RECONNECT } from '../../src/core/defaults.ts';
import { binanceSpot } from '../../src/venues/binance/spot.ts';
import { binanceUsdm } from '../../src/venues/binance/usdm.ts';
import { SimFeed } from '../support/sim-feed.ts';
import { complaintsAbout, leftovers } from '../support/sim-oracle.ts';

const RIGHT = { clockErrorMs: 400, tailMs: 15_000 };
/** A connection is back before the other is lost: within 500 ms and a handshake, whatever came before. */
const QUICK = { ...DEFAULT_RECONNECT, initialDelayMs: 500, multiplier: 1, maxRetries: Infinity };
const LOSSES = 130;
const CALM_MS = 5000;

const plan = fc.record({
  isSpot: fc.boolean(),
  seed: fc.nat({ max: 1_000_000 }),
  phaseMs: fc.nat({ max: 999 }),
  emptyShare: fc.constantFrom(0, 0.3, 0.9),
  running: fc.boolean(),
});

type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never;

/** A feed that loses the older of its connections every second; more often would use up the attempts of five minutes. */
function battered({ isSpot, seed, phaseMs, emptyShare, running }: Plan, connections: 1 | 2): SimFeed {
  const venue = isSpot ? binanceSpot : binanceUsdm;
  const sim = new SimFeed({ venue, seed, truth: { emptyShare } }, { reconnect: QUICK, connections });
  sim.advance(20_000 + phaseMs);
  for (const symbol of ['BTCUSDT', 'ETHUSDT']) sim.join({ symbol, interval: isSpot ? '1s' : '1m' }, {}, running);
  sim.advance(CALM_MS);
  for (let second = 0; second < LOSSES; second++) {
    sim.exchange.stream.open[0]?.end('ended', { closeCode: 1006 });
    sim.advance(1000);
  }
  sim.advance(20_000);
  return sim;
}

/** Which candle is the first may be found out over REST. */
function calmUntil({ subscribers }: SimFeed): number {
  return (subscribers[0]?.subscribedAt ?? 0) + CALM_MS;
}

it('loses nothing, and reads no candle over REST, where one of two connections is lost every second', () => {
  fc.assert(
    fc.property(plan, (how) => {
      const sim = battered(how, 2);
      expect(sim.of('DISCONNECTED')).toHaveLength(LOSSES);
      expect(sim.exchange.rest.klines.filter(({ exchangeAt }) => exchangeAt > calmUntil(sim))).toEqual([]);
      const told = [...sim.of('GAP_OPENED'), ...sim.of('CLOSE_RESCUED'), ...sim.of('SERIES_SILENT')];
      expect(told.filter(({ at }) => at > calmUntil(sim))).toEqual([]);
      expect(complaintsAbout(sim, RIGHT)).toEqual([]);
      sim.leaveAll();
      sim.advance(2000);
      expect(leftovers(sim)).toEqual([]);
    }),
    { numRuns: 8, seed: 20261126 },
  );
});

it('does read them where there is but one', () => {
  const sim = battered({ isSpot: true, seed: 1, phaseMs: 800, emptyShare: 0, running: false }, 1);
  expect(sim.exchange.rest.klines.length).toBeGreaterThan(30);
  expect(complaintsAbout(sim, RIGHT)).toEqual([]);
});
