import { describe, expect, it } from 'vitest';
import { filesIn, pages, samplesOf, textOf } from './pages.ts';

const examples = filesIn('docs/examples', '.ts');

describe.each(examples)('%s', (file) => {
  it('is short enough to read at once', () => {
    expect(textOf(file).trimEnd().split('\n').length).toBeLessThanOrEqual(25);
  });

  it('imports the package as a user would', () => {
    expect(textOf(file)).toMatch(/from 'rx-candles(\/(nats|store|testing))?';/);
    // One of them is what the others are about.
    expect(textOf(file)).not.toMatch(/from '(?!\.\/strategy)\./);
  });
});

it('is type-checked and linted with the rest', () => {
  expect(JSON.parse(textOf('tsconfig.json'))).toMatchObject({
    include: expect.arrayContaining(['docs/examples']) as unknown,
  });
  expect(textOf('spec/test.mjs')).toContain("'docs/examples'");
});

it.each(pages())('%s shows only samples that are programs in docs/examples', (page) => {
  if (page === 'docs/api.md') return;
  const programs = examples.map(textOf);
  expect(samplesOf(textOf(page)).filter((sample) => !programs.includes(sample))).toEqual([]);
});

const OTHERS = ['docs/examples', 'spec/runners', 'spec/bundles', 'spec/docs/before'];

it.each(pages())('%s shows only programs in JavaScript, HTML and Python that are files too', (page) => {
  const programs = OTHERS.flatMap((folder) =>
    ['.js', '.mjs', '.html', '.py'].flatMap((ending) => filesIn(folder, ending)),
  );
  const samples = ['js', 'html', 'python'].flatMap((language) => samplesOf(textOf(page), language));
  expect(samples.filter((sample) => !programs.map(textOf).includes(sample))).toEqual([]);
});
