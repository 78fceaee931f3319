import { expect, it } from 'vitest';
import { headingsOf, textOf } from './pages.ts';

it('has one heading in docs/errors.md for every error code, and none for a code that is gone', () => {
  const codes = [...textOf('src/core/errors.ts').matchAll(/readonly code = '(FEED_\w+)'/g)].map(([, code]) => code);
  const headings = headingsOf(textOf('docs/errors.md')).filter((heading) => heading.startsWith('FEED_'));
  expect(codes.length).toBeGreaterThan(0);
  expect(headings.toSorted()).toEqual(codes.toSorted());
});

it('names the class of every error', () => {
  const page = textOf('docs/errors.md');
  const classes = [...textOf('src/core/errors.ts').matchAll(/class (\w+Error) extends FeedError/g)].map(
    ([, name]) => name ?? '',
  );
  expect(classes.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
