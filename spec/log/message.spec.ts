import { expect, it } from 'vitest';
import { FIELDS } from 'rx-candles';
import { decodeEntry, encodeEntry } from '../../src/log/message.ts';
import { START, minute } from '../support/stored.ts';

const entry = { candle: minute(1, { trades: null }), previous: START };

it('is JSON with the names of FIELDS in their order, and the predecessor', () => {
  expect(Object.keys(JSON.parse(encodeEntry(entry)) as object)).toEqual([...FIELDS, 'previousTimestamp']);
  expect(decodeEntry(encodeEntry(entry))).toEqual(entry);
  expect(decodeEntry(encodeEntry({ ...entry, previous: null }))).toEqual({ ...entry, previous: null });
});

it.each([
  ['no JSON', 'hello', 'it is no JSON object'],
  ['a list', '[]', 'it is no JSON object'],
  ['something else', '{"a":1}', /^it has no venue, symbol/],
  ['no predecessor', JSON.stringify(entry.candle), 'it has no previousTimestamp'],
  ['a foreign venue', { venue: 'nowhere' }, 'its venue is unknown'],
  ['a foreign interval', { interval: '7m' }, 'its series is unknown'],
  ['a time as text', { timestamp: '1' }, 'timestamp must be numbers'],
  ['no time', { timestamp: null }, 'timestamp must be numbers'],
  ['no price', { open: null, close: 'x' }, 'open, close must be numbers'],
  ['no candle', { high: 1, low: 2 }, 'high is below low'],
  [
    'a predecessor that is none',
    { previousTimestamp: entry.candle.timestamp },
    'it does not open after its predecessor',
  ],
])('says what is wrong with %s', (_, changes, trouble) => {
  const message = JSON.parse(encodeEntry(entry)) as object;
  const text = typeof changes === 'string' ? changes : JSON.stringify({ ...message, ...changes });
  const result = decodeEntry(text);
  if (typeof trouble === 'string') expect(result).toBe(trouble);
  else expect(result).toMatch(trouble);
});
