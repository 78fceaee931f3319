import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The judges: every spec of `core`, which needs no more than a few seconds. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: { include: ['spec/core/**/*.spec.ts'], runner: 'spec/mutants/runner.ts', testTimeout: 60_000, retry: 0 },
});
