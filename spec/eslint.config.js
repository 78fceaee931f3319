import rxjsX from 'eslint-plugin-rxjs-x';
import { defineConfig } from 'eslint/config';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import tseslint from 'typescript-eslint';

const projectRoot = dirname(dirname(fileURLToPath(import.meta.url)));

const passTime = 'Time is a parameter here: take a `scheduler` (docs/architecture.md).';
const passRandom = 'Randomness is a parameter here: take a `random` function.';
const passSettings = 'Settings are a parameter here; only adapters, testing and cli read the environment.';

const CLOCKS = ['setTimeout', 'setInterval', 'setImmediate', 'performance'];
const WAITING = 'timer|interval|delay|debounceTime|auditTime|throttleTime|sampleTime|bufferTime|timestamp|timeInterval';
const READING_RANDOM = { object: 'Math', property: 'random', message: passRandom };
const READING_TIME = [
  { object: 'Date', property: 'now', message: passTime },
  { object: 'process', property: 'hrtime', message: passTime },
  ...CLOCKS.map((property) => ({ object: 'globalThis', property, message: passTime })),
];
const READING_ENV = { object: 'process', property: 'env', message: passSettings };

export default defineConfig(
  // Next's own kind of page, which holds markup.
  { ignores: ['spec/bundles/next/**'] },
  {
    files: ['src/**/*.ts', 'spec/**/*.ts', 'docs/examples/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, rxjsX.configs.strict],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: projectRoot } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'no-param-reassign': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      // A number in a message and `() => doThis()` both read well and hide nothing.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      complexity: ['error', 8],
      'max-params': ['error', 3],
      'max-lines': ['error', { max: 200, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
      // `on` is the bus's word for it, as in every emitter; a store is told to record and to audit.
      'rxjs-x/finnish': ['error', { strict: true, names: { '^(on|record|audit|feedTo)$': false } }],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/adapters/**', 'src/store/sqlite/**', 'src/testing/**', 'src/cli/**', 'src/chart/**'],
    rules: {
      'no-restricted-globals': ['error', ...CLOCKS.map((name) => ({ name, message: passTime }))],
      'no-restricted-properties': ['error', ...READING_TIME, READING_ENV, READING_RANDOM],
      'no-restricted-syntax': [
        'error',
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: passTime },
        { selector: "CallExpression[callee.name='Date']", message: passTime },
        { selector: `CallExpression[callee.name=/^(${WAITING})$/][arguments.length<2]`, message: passTime },
      ],
    },
  },
  {
    // Where randomness enters: the stair, and the public function that offers it as a default.
    files: ['src/create-feed.ts', 'src/default-feed.ts', 'src/core/backoff.ts'],
    rules: { 'no-restricted-properties': ['error', ...READING_TIME, READING_ENV] },
  },
  { files: ['src/cli/**/*.ts', 'docs/examples/*.ts'], rules: { 'no-console': 'off' } },
  {
    // A spec shows wrong use on purpose, and its marbles line up only under bare names.
    files: ['spec/**/*.ts'],
    rules: {
      'no-console': 'off',
      'rxjs-x/no-exposed-subjects': 'off',
      'rxjs-x/no-ignored-error': 'off',
      'rxjs-x/no-ignored-default-value': 'off',
      'rxjs-x/no-nested-subscribe': 'off',
      'rxjs-x/no-floating-observables': 'off',
      'rxjs-x/no-unsafe-subject-next': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/only-throw-error': 'off',
    },
  },
  {
    files: ['docs/examples/*.ts'],
    rules: { 'rxjs-x/no-ignored-error': 'off', 'rxjs-x/no-ignored-default-value': 'off' },
  },
);
