import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';

const projectRoot = fileURLToPath(new URL('..', import.meta.url));
const live = process.env['RUN_LIVE'] === '1';

export default defineConfig({
  root: projectRoot,
  resolve: {
    alias: [
      { find: /^rx-candles$/, replacement: `${projectRoot}src/index.ts` },
      { find: /^rx-candles\/testing$/, replacement: `${projectRoot}src/testing/index.ts` },
    ],
  },
  test: {
    include: ['spec/**/*.spec.ts'],
    // The specs in spec/live talk to the exchange's test network; RUN_LIVE=1 lets them.
    exclude: [...configDefaults.exclude, ...(live ? [] : ['spec/live/**'])],
    pool: 'forks',
    // So that a spec can count what is left on the heap.
    execArgv: ['--expose-gc'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    retry: 0,
    typecheck: {
      include: ['spec/types/*.test-d.ts'],
      tsconfig: 'spec/tsconfig.types.json',
      // Errors in src are what `tsc` is for.
      ignoreSourceErrors: true,
    },
  },
});
