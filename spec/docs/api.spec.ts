import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot, textOf } from './pages.ts';

// Compiles the whole package.
const LONGEST_MS = 300_000;

it(
  'docs/api.md says what the package exports; after a change on purpose run `npm run docs:api`',
  () => {
    const surface = execFileSync(process.execPath, ['spec/api.mjs', '--print'], { cwd: projectRoot, encoding: 'utf8' });
    expect(existsSync(join(projectRoot, 'docs/api.md'))).toBe(true);
    expect(textOf('docs/api.md')).toBe(surface);
  },
  LONGEST_MS,
);

it('has a docstring for every name that the package exports', () => {
  const names = textOf('docs/api.md').split(/^### /m).slice(1);
  const bare = names.filter((block) => /^\S+\n\n```ts\n/.test(block)).map((block) => block.split('\n')[0]);
  expect(bare).toEqual([]);
});
