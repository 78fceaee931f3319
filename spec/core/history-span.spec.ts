import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/core/errors.ts';
import { checkSpan } from '../../src/core/history-span.ts';

const [FROM, TO] = [Date.UTC(2026, 0, 1), Date.UTC(2026, 1, 1)];

function problemsOf(span: unknown): readonly string[] {
  try {
    checkSpan(span);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
  }
  return [];
}

describe('a span of the past', () => {
  it.each<[string, unknown, { from: number; to: number }]>([
    ['in ms', { from: FROM, to: TO }, { from: FROM, to: TO }],
    ['of Dates', { from: new Date(FROM), to: new Date(TO) }, { from: FROM, to: TO }],
    ['from the beginning', { from: 0, to: TO }, { from: 0, to: TO }],
    ['into the future', { from: FROM, to: Date.UTC(2100, 11, 31) }, { from: FROM, to: Date.UTC(2100, 11, 31) }],
    ['of nothing', { from: FROM, to: FROM }, { from: FROM, to: FROM }],
  ])('may be given %s', (_, span, checked) => {
    expect(checkSpan(span)).toEqual(checked);
  });

  it.each<[string, unknown, string]>([
    ['no span', undefined, 'from: must be'],
    ['null', null, 'to: must be'],
    ['no end', { from: FROM }, 'to: must be'],
    ['an end before its beginning', { from: TO, to: FROM }, 'is after to'],
    ['seconds', { from: FROM / 1000, to: TO }, 'looks like seconds'],
    ['microseconds', { from: FROM, to: TO * 1000 }, 'looks like µs'],
    ['nanoseconds', { from: FROM * 1e6, to: TO }, 'looks like ns'],
    ['no number', { from: NaN, to: TO }, 'from: must be'],
    ['no end at all', { from: FROM, to: Infinity }, 'to: must be'],
    ['a text', { from: '2026-01-01', to: TO }, '2026-01-01'],
    ['a date that is none', { from: new Date('soon'), to: TO }, 'from: must be'],
    ['a time before all exchanges', { from: -1, to: TO }, 'from: must be'],
    ['a misspelt key', { from: FROM, to: TO, until: TO }, 'until: is not an option'],
  ])('cannot be %s', (_, span, words) => {
    expect(problemsOf(span).join('; ')).toContain(words);
  });

  it('is told with all its faults at once', () => {
    expect(problemsOf({ from: 'x', to: 'y', more: 1 })).toHaveLength(3);
  });
});
