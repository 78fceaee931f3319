import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { anchorOf, headingsOf, pages, projectRoot, textOf } from './pages.ts';

interface Link {
  readonly path: string;
  readonly anchor: string | undefined;
}

function linksOf(page: string): Link[] {
  return [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target ?? '')
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path = '', anchor] = target.split('#');
      return { path: path === '' ? page : join(dirname(page), path), anchor };
    });
}

function isBroken({ path, anchor }: Link): boolean {
  if (!existsSync(join(projectRoot, path))) return true;
  return anchor !== undefined && !headingsOf(textOf(path)).map(anchorOf).includes(anchor);
}

it.each(pages())('%s has no broken link', (page) => {
  expect(linksOf(page).filter(isBroken)).toEqual([]);
});
