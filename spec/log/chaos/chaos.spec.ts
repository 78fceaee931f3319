import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasNatsServer } from '../../support/nats-server.ts';
import { play } from './chaos.ts';
import { buildFeeder, type FeederProgram } from './feeders.ts';

/** `LOG_SEEDS=20` for a long look, `LOG_SEED=7` to begin with another, `LOG_MS=20000` for longer runs. */
const SEEDS = Number(process.env['LOG_SEEDS'] ?? 1);
const FIRST = Number(process.env['LOG_SEED'] ?? 1);
const FAULTY_MS = Number(process.env['LOG_MS'] ?? (SEEDS > 1 ? 8000 : 3000));

describe.runIf(hasNatsServer)('two feeders and three readers of a log that everything befalls', () => {
  let program: FeederProgram;
  beforeAll(() => {
    program = buildFeeder();
  });
  afterAll(() => {
    program.remove();
  });

  it.each(Array.from({ length: SEEDS }, (_, index) => FIRST + index))('seed %i', async (seed) => {
    const { faults, summary } = await play(program.path, seed, FAULTY_MS);
    if (SEEDS > 1) console.log(`seed ${seed}: ${summary}`);
    expect(faults, summary).toEqual([]);
  });
});
