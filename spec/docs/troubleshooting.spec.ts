import { expect, it } from 'vitest';
import { EventType } from 'rx-candles';
import { headingsOf, textOf } from './pages.ts';

const page = textOf('docs/guide/troubleshooting.md');

it('names every event that tells of trouble, and every error code', () => {
  const events = Object.values(EventType).filter((type) => type !== EventType.CANDLE_CLOSED);
  const codes = headingsOf(textOf('docs/errors.md')).filter((heading) => heading.startsWith('FEED_'));
  expect([...events, ...codes].filter((word) => !page.includes(`\`${word}\``))).toEqual([]);
});

it('quotes the log as it is written', () => {
  const sentences = [
    'the exchange has no candles of', 'no stream data for', 'could not decode a message', 'is not a valid candle',
    'updates of running candles must be decoded in full', 'waiting for the', 'reconnecting to',
  ]; // prettier-ignore
  const log = textOf('src/adapters/log-templates.ts') + textOf('src/adapters/log.ts');
  expect(sentences.filter((words) => !page.includes(words) || !log.includes(words))).toEqual([]);
});
