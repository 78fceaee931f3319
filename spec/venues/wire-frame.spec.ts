import { expect, it } from 'vitest';
import { objectIn } from '../../src/venues/wire-frame.ts';

it.each([
  ['an object', '{"a":1}', { a: 1 }],
  ['a list', '[1]', 'not a JSON object'],
  ['null', 'null', 'not a JSON object'],
  ['half an object', '{"a":', 'not a JSON object'],
  ['nothing', '', 'not a JSON object'],
  ['bytes that are no text', Buffer.from([0x7b, 0xff, 0x7d]), 'not UTF-8'],
])('reads %s', (_title, frame, read) => {
  expect(objectIn(Buffer.from(frame))).toEqual(read);
});
