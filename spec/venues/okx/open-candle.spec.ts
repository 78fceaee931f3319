import { expect, it } from 'vitest';
import { isOpenCandle } from '../../../src/venues/okx/open-candle.ts';

/** Recorded on 2023-11-25. */
const OPEN =
  '{"arg":{"channel":"candle1m","instId":"XCH-USDT-SWAP"},"data":[["1700931960000","26.2","26.2","26.2","26.2","307","3.07","80.434","0"]]}';
const proves = (text: string): boolean => isOpenCandle(Buffer.from(text));

it('proves itself by its spelling', () => {
  expect(proves(OPEN)).toBe(true);
  expect(proves(OPEN.replace('candle1m', 'candle1Mutc'))).toBe(true);
});

it.each([
  ['a close', OPEN.replace('"0"]]', '"1"]]')],
  ['two rows', OPEN.replace('[["1700', '[["1700931900000","1","1","1","1","1","1","1","1"],["1700')],
  ['a row of seven columns', OPEN.replace(',"80.434","0"', '').replace('"3.07"', '"0"')],
  ['a row of ten', OPEN.replace('"80.434"', '"80.434","1"')],
  ['a volume that is no number', OPEN.replace('"307"', '"3.0.7"')],
  ['a bracket in a name', OPEN.replace('XCH-USDT', 'X[[H')],
  ['an escaped name', OPEN.replace('XCH', '\\u0058CH')],
  ['a channel of another kind', OPEN.replace('candle1m', 'index-candle1m')],
  ['candles by the clock of Hong Kong', OPEN.replace('candle1m', 'candle1D')],
  ['white space', OPEN.replace(',"data"', ', "data"')],
  ['more members', OPEN.replace('{"arg"', '{"new":1,"arg"')],
  ['half of it', OPEN.slice(0, 60)],
  ['what is longer than any candle', OPEN.replace('XCH', 'X'.repeat(400))],
])('proves nothing in %s', (_, text) => expect(proves(text)).toBe(false));
