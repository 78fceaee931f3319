import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runChaos } from './chaos.ts';
import { chaosVenue } from './venues.ts';

/** `CHAOS_SEEDS=20` for more; `CHAOS_SEED=…` to see one again; `CHAOS_VENUE=okx` for another of venues.ts. */
const VENUE = chaosVenue(process.env['CHAOS_VENUE'] ?? 'binance-spot');
const SEEDS = Number(process.env['CHAOS_SEEDS'] ?? 1);
const FIRST = Number(process.env['CHAOS_SEED'] ?? 1);
const seeds = Array.from({ length: SEEDS }, (_, index) => FIRST + index);

/** The machine's own clock is wrong, and jumps: by an hour, back, by seconds. */
const LIES_MS = [0, 3_600_000, -3_600_000, 7000, -2000, 86_400_000];
const honest = Date.now;
let lying: NodeJS.Timeout | undefined;

beforeAll(() => {
  let lie = 0;
  Date.now = () => honest.call(Date) + (LIES_MS[lie % LIES_MS.length] ?? 0);
  lying = setInterval(() => lie++, 3500);
});

afterAll(() => {
  clearInterval(lying);
  Date.now = honest;
});

describe('with every fault at once, over real sockets', () => {
  it.each(seeds)(`keeps the promise on ${VENUE.id}: seed %i`, { timeout: 300_000 }, async (seed) => {
    const { summary, ...report } = await runChaos(VENUE, seed);
    if (SEEDS > 1 || report.complaints.length > 0) console.log(`seed ${seed}: ${summary}`);
    expect(report).toEqual({
      complaints: [],
      limitBreaks: [],
      mostInFlight: expect.toSatisfy((most: number) => most <= 6) as number,
      impatient: [],
      connectionsLeft: 0,
    });
  });
});
