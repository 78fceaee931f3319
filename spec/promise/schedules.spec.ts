import fc from 'fast-check';
import { expect, it } from 'vitest';
import { complaintsOf, healthySchedule, runOf, schedulesOf } from '../support/sim-schedule.ts';

/**
 * `PROMISE_RUNS=5000` runs other schedules each time, as many; `PROMISE_SEED=…` runs the same again; `PROMISE_VENUE=okx` runs
 * those of one venue.
 */
const { PROMISE_RUNS, PROMISE_SEED, PROMISE_NO_SHRINK, PROMISE_VENUE } = process.env;
const RUNS = Number(PROMISE_RUNS ?? 200);
const SEED = PROMISE_SEED ?? (PROMISE_RUNS === undefined ? '20261122' : undefined);
const PARAMETERS = { endOnFailure: PROMISE_NO_SHRINK === '1', ...(SEED !== undefined && { seed: Number(SEED) }) };

it(`keeps the promise under ${String(RUNS)} random schedules of faults`, { timeout: 3000 * RUNS + 300_000 }, () => {
  fc.assert(
    fc.property(schedulesOf(PROMISE_VENUE), (plan) => {
      expect(complaintsOf(plan)).toEqual([]);
    }),
    { numRuns: RUNS, ...PARAMETERS },
  );
});

it('asks for no candle over REST while nothing is wrong', { timeout: 300_000 }, () => {
  fc.assert(
    fc.property(healthySchedule, (plan) => {
      const sim = runOf(plan);
      expect(sim.exchange.rest.klines).toEqual([]);
      expect(sim.of('CANDLE_CLOSED').filter(({ candle }) => candle.source !== 'stream')).toEqual([]);
    }),
    { numRuns: Math.ceil(RUNS / 3), ...PARAMETERS },
  );
});
