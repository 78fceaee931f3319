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

/** Files that a page names in code: `core/candle.ts` is in `src`. */
function filesNamedIn(page: string): string[] {
  return [...textOf(page).matchAll(/`([\w./-]+\/[\w.-]+\.(?:ts|mjs|cjs|json|yaml))`/g)].map(([, path]) => path ?? '');
}

const isThere = (path: string): boolean =>
  ['', 'src', 'spec'].some((folder) => existsSync(join(projectRoot, folder, path)));

it.each(pages())('%s has no broken link, and names no file that is not there', (page) => {
  expect(linksOf(page).filter(isBroken)).toEqual([]);
  expect(filesNamedIn(page).filter((path) => !isThere(path))).toEqual([]);
});
