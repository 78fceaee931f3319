import { describe, expect, it } from 'vitest';
import { closestWord } from '../../src/core/spelling.ts';

const OPTIONS = ['venue', 'testnet', 'reconnect', 'graceMs', 'settleMs', 'silenceMs', 'logLevel'];

describe('closestWord', () => {
  it.each([
    ['graceMS', 'graceMs'],
    ['grace_ms', 'graceMs'],
    ['log-level', 'logLevel'],
    ['venu', 'venue'],
    ['reconect', 'reconnect'],
    ['silenceSm', 'silenceMs'],
    ['testNet', 'testnet'],
  ])('takes %s for %s', (given, meant) => {
    expect(closestWord(given, OPTIONS)).toBe(meant);
  });

  it.each(['', 'x', 'ab', 'timeframe', 'v'.repeat(1e6)])('has no idea about %.10s', (given) => {
    expect(closestWord(given, OPTIONS)).toBeUndefined();
  });
});
