import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { projectRoot } from './docs/pages.ts';

const MOST_FILES = 12;
const MOST_STEPS_BACK = 2;

it('takes a closing frame from the socket to `next` through few files, and seldom back', () => {
  const printed = execFileSync(process.execPath, ['spec/hops.mjs'], { cwd: projectRoot, encoding: 'utf8' });
  const figure = (name: string) => Number(new RegExp(`^${name}[^:]*: (\\d+)`, 'm').exec(printed)?.[1]);
  expect(printed).toMatch(/^→ adapters\/frame-skipper\.ts .*\n→ adapters\/socket\.ts /);
  expect(figure('files')).toBeGreaterThan(1);
  expect(figure('files')).toBeLessThanOrEqual(MOST_FILES);
  expect(figure('steps backwards')).toBeLessThanOrEqual(MOST_STEPS_BACK);
});
