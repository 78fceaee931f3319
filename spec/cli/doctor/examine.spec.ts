import { describe, expect, it } from 'vitest';
import { failed, ok, warning, type Check } from '../../../src/cli/doctor/check.ts';
import { examine, type ExamineOptions } from '../../../src/cli/doctor/examine.ts';

type Bare = Check<undefined>;

const good = (id: string, more: Partial<Bare> = {}): Bare => ({ id, title: id, run: () => ok('fine'), ...more });
const bad = (id: string, more: Partial<Bare> = {}): Bare => ({
  id,
  title: id,
  run: () => failed('no', 'mend it'),
  ...more,
});

async function outcomesOf(checks: readonly Bare[], options: Partial<ExamineOptions> = {}) {
  const { signal } = new AbortController();
  const all: ExamineOptions = { quick: false, timeoutMs: 1000, signal, tell: () => undefined, ...options };
  const lines: string[] = [];
  for await (const { id, outcome, found } of examine(checks, undefined, all)) lines.push(`${id} ${outcome}: ${found}`);
  return lines;
}

describe('examine', () => {
  it('skips what needs a check that failed or was skipped for that, and goes on with the others', async () => {
    const checks = [
      bad('a', { title: 'A title' }),
      good('b', { needs: ['a'] }),
      good('c', { needs: ['b'] }),
      good('d'),
    ];
    expect(await outcomesOf(checks)).toEqual([
      'a failed: no',
      'b skipped: needs A title',
      'c skipped: needs b',
      'd ok: fine',
    ]);
  });

  it('goes on after a warning, and where one of several is enough', async () => {
    const warned: Bare = { id: 'w', title: 'w', run: () => warning('hm', 'look') };
    const checks = [
      warned,
      bad('a'),
      good('b', { needs: ['w', ['a', 'w']] }),
      good('c', { needs: [['a', 'x'], ['a']] }),
    ];
    expect((await outcomesOf(checks)).slice(2)).toEqual(['b ok: fine', 'c skipped: needs a']);
  });

  it('leaves out what is slow when it has to be quick', async () => {
    expect(await outcomesOf([good('a', { isSlow: true })], { quick: true })).toEqual([
      'a skipped: left out by --quick',
    ]);
  });

  it('takes what a check throws for a failure of its own', async () => {
    const run = () => Promise.reject(new Error('bug'));
    expect(await outcomesOf([good('a', { run }), good('b')])).toEqual([
      'a failed: this check broke off: bug',
      'b ok: fine',
    ]);
  });

  it('ends at once when interrupted', async () => {
    const controller = new AbortController();
    const run = () => {
      controller.abort();
      return new Promise<never>(() => undefined);
    };
    expect(await outcomesOf([good('a'), good('b', { run })], { signal: controller.signal })).toEqual(['a ok: fine']);
  });
});
