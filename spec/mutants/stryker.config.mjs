import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Everything that a run writes stays out of the project. */
const folder = join(tmpdir(), 'rx-candles-mutants');

/**
 * Breaks the reducer of a series in some hundred places, one at a time, and lists what the specs of `core` did not
 * notice: a rule that no spec holds, or a change that changes nothing. README.md names the latter.
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
  mutate: ['series', 'evidence', 'holes', 'series-plan', 'series-pace', 'grid'].map((name) => `src/core/${name}.ts`),
  testRunner: 'vitest',
  // Only specs that come to run what is broken, directly or not.
  vitest: { configFile: 'spec/mutants/vitest.config.ts', related: true },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  // A mutant that never ends is found by the time its specs took without it, which a busy machine stretches.
  timeoutMS: 20_000,
  ignorePatterns: ['docs', 'dist', 'spec/bench', 'spec/mutants/node_modules'],
  tempDirName: join(folder, 'sandbox'),
  reporters: ['clear-text', 'progress-append-only', 'html', 'json'],
  clearTextReporter: { logTests: false, reportTests: false, allowColor: false },
  htmlReporter: { fileName: join(folder, 'mutants.html') },
  jsonReporter: { fileName: join(folder, 'mutants.json') },
  thresholds: { high: 95, low: 90, break: null },
};
