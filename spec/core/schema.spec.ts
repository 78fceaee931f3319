import { describe, expect, it } from 'vitest';
import { boolean, numberSchema, readGroup, secret, urlSchema, wordSchema, type Group } from '../../src/core/schema.ts';

const even = numberSchema('be even', (n) => n % 2 === 0);
const anyUrl = urlSchema('be a URL', () => true);
const group: Group = {
  flag: boolean,
  count: even,
  word: wordSchema(['red', 'green'], (word) => word.toLowerCase()),
  url: anyUrl,
  inner: { deep: { count: even } },
  safe: { key: secret },
};

function read(input: unknown, path = '') {
  const problems: string[] = [];
  const unknown: string[] = [];
  const settings = readGroup(input, group, { path, problems, unknown });
  return { settings, problems: [...problems, ...unknown] };
}

describe('readGroup', () => {
  it('reads what is good, at any depth', () => {
    const input = { flag: false, count: 0, word: 'RED', inner: { deep: { count: 2 } }, safe: { key: 'k' } };
    expect(read(input)).toEqual({ settings: { ...input, word: 'red' }, problems: [] });
  });

  it('leaves out what is bad, and says where it was', () => {
    const { settings, problems } = read({ flag: 1, inner: { deep: { count: 3 }, other: 4 } }, 'top');
    expect(settings).toEqual({ inner: { deep: {} } });
    expect(problems).toEqual([
      'top.flag: must be true or false, got 1',
      'top.inner.deep.count: must be even, got 3',
      'top.inner.other: is not an option; the options are deep',
    ]);
  });

  it.each([
    [null, 'null'],
    [[1], 'a list'],
    ['text', 'a string'],
    ['', 'an empty string'],
    [() => 1, 'a function'],
    [12n, 'a bigint'],
  ])('wants an object, not %s', (input, kind) => {
    expect(read(input).problems[0]).toMatch(new RegExp(`^options: must be an object with flag, .*, got ${kind}$`));
  });
});

describe('secret', () => {
  it.each(['', ' \n', 7, null])('does not take %j', (value) => expect(secret.read(value)).toBeUndefined());
  it('shows its kind alone', () => expect(secret.show('hunter2')).toBe('a string'));
});

describe('urlSchema', () => {
  it.each([
    ['https://host', 'https://host'],
    ['https://host/', 'https://host'],
    ['https://host/path//?#', 'https://host/path'],
    ['HTTPS://HOST:443', 'https://host'],
  ])('reads %s as %s', (value, url) => expect(anyUrl.read(value)).toBe(url));

  it.each(['host', '', 'https://', 'https://user@host', 'https://host?a=1', 'https://host#a', 7])(
    'does not take %j',
    (value) => expect(anyUrl.read(value)).toBeUndefined(),
  );

  it('shows neither user nor query', () => {
    expect(anyUrl.show('https://user:word@host/path?key=1#x')).toBe('"https://…@host/path?…"');
  });
});
