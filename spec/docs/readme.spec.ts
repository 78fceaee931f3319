import { expect, it } from 'vitest';
import { headingsOf, textOf } from './pages.ts';

const readme = textOf('README.md');

function fieldsOf(file: string, name: string): string[] {
  const body = new RegExp(`interface ${name} [^{]*\\{(.*?)^\\}`, 'ms').exec(textOf(file))?.[1] ?? '';
  return [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, field]) => field ?? '');
}

it('has every option of a feed in its table', () => {
  const options = fieldsOf('src/core/settings.ts', 'FeedSettings');
  expect(options).toContain('graceMs');
  expect(options.filter((option) => !readme.includes(`| \`${option}\` |`))).toEqual([]);
});

it('has every event of the bus', () => {
  const events = [...textOf('src/core/events.ts').matchAll(/^ {2}([A-Z_]+): '\1',$/gm)].map(([, event]) => event ?? '');
  expect(events).toContain('CANDLE_CLOSED');
  expect(events.filter((event) => !readme.includes(`\`${event}\``))).toEqual([]);
});

it('opens with what it is, one sample and the two commands that prove it', () => {
  const opening = readme.slice(0, 2000);
  expect(headingsOf(readme)[0]).toBe('rx-candles');
  expect(opening).toContain('npm ci && npm run demo');
  expect(opening).toContain('npm ci && npm test');
});
