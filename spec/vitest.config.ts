import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const projectRoot = fileURLToPath(new URL('..', import.meta.url));
const live = process.env['RUN_LIVE'] === '1';

/** The spec that waits for a real minute begins first, so that all others run meanwhile. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const waits = ({ moduleId }: TestSpecification): number =>
      Number(moduleId.endsWith('end-to-end/boundaries.spec.ts'));
    return (await super.sort(files)).sort((a, b) => waits(b) - waits(a));
  }
}

export default defineConfig({
  root: projectRoot,
  resolve: {
    alias: [
      { find: /^rx-candles$/, replacement: `${projectRoot}src/index.ts` },
      { find: /^rx-candles\/nats$/, replacement: `${projectRoot}src/log/nats/index.ts` },
      { find: /^rx-candles\/store$/, replacement: `${projectRoot}src/store/index.ts` },
      { find: /^rx-candles\/(otel|prometheus)$/, replacement: `${projectRoot}src/metrics/$1.ts` },
      { find: /^rx-candles\/testing$/, replacement: `${projectRoot}src/testing/index.ts` },
    ],
  },
  test: {
    include: ['spec/**/*.spec.ts'],
    // The specs in spec/live talk to the exchange's test network; RUN_LIVE=1 lets them.
    exclude: [...configDefaults.exclude, ...(live ? [] : ['spec/live/**'])],
    pool: 'forks',
    // The specs end to end wait more than they work: three side by side, and many tests in each, also on a small machine.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    maxConcurrency: 8,
    sequence: { sequencer: LongestFirst },
    // So that a spec can count what is left on the heap.
    execArgv: ['--expose-gc'],
    // For a machine that is busy with other work: what must come in time says so itself (spec/support/until.ts).
    testTimeout: 180_000,
    hookTimeout: 180_000,
    retry: 0,
    typecheck: {
      include: ['spec/types/*.test-d.ts'],
      tsconfig: 'spec/tsconfig.types.json',
      // Errors in src are what `tsc` is for.
      ignoreSourceErrors: true,
    },
  },
});
