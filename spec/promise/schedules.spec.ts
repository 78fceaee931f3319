import fc from 'fast-check';
import { expect, it } from 'vitest';
import { complaintsOf, healthySchedule, runOf, schedule } from '../support/sim-schedule.ts';

/** `PROMISE_RUNS=5000` for a long night; `PROMISE_SEED=…` to see one again. */
const RUNS = Number(process.env['PROMISE_RUNS'] ?? 150);
const SEED = process.env['PROMISE_SEED'];

it(`keeps the promise under ${String(RUNS)} random schedules of faults`, { timeout: 100 * RUNS + 60_000 }, () => {
  const seed = SEED === undefined ? undefined : Number(SEED);
  fc.assert(
    fc.property(schedule, (plan) => {
      expect(complaintsOf(plan)).toEqual([]);
    }),
    { numRuns: RUNS, endOnFailure: process.env['PROMISE_NO_SHRINK'] === '1', ...(seed !== undefined && { seed }) },
  );
});

it('asks for no candle over REST while nothing is wrong', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(healthySchedule, (plan) => {
      const sim = runOf(plan);
      expect(sim.exchange.rest.klines).toEqual([]);
      expect(sim.of('CANDLE_CLOSED').filter(({ candle }) => candle.source !== 'stream')).toEqual([]);
    }),
    { numRuns: Math.ceil(RUNS / 3) },
  );
});
