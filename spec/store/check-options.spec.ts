import { expect, it } from 'vitest';
import { aboveZero, anything, checkOptions, count, milliseconds, size } from '../../src/store/check-options.ts';
import { ConfigError } from '../../src/core/errors.ts';

const OPTIONS = { history: count, batchSize: size, batchMs: milliseconds, speed: aboveZero, scheduler: anything };

it.each([
  {},
  { history: undefined, speed: undefined },
  { history: 0, batchSize: 1, batchMs: 0, speed: 0.5, scheduler: null },
  { batchSize: Infinity, batchMs: 2.5, speed: Infinity },
])('takes %j', (options) => {
  expect(() => {
    checkOptions(options, OPTIONS);
  }).not.toThrow();
});

it('lists every problem, each with its key', () => {
  const options = { history: 0.5, batchSize: 0, batchMs: -1, speed: NaN, sped: 60 };
  expect(() => {
    checkOptions(options, OPTIONS);
  }).toThrow(
    new ConfigError([
      'history: must be a whole number of at least 0, got 0.5',
      'batchSize: must be a whole number of at least 1, or Infinity, got 0',
      'batchMs: must be a number of ms of at least 0, got -1',
      'speed: must be a number above 0, got NaN',
      'sped: is not an option; did you mean speed?',
    ]),
  );
});
