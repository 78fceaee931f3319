import { expect, it } from 'vitest';
import { rewritten } from '../../../../src/testing/dialects/okx/rewrite.ts';
import { decode } from '../../../../src/venues/okx/decode.ts';

const TEXT = '{"arg":{"channel":"candle1m","instId":"A-B"},"data":[["60000","1","2","0.5","1.5","10","11","12","1"]]}';
const said = (text: string) => decode(Buffer.from(text));

it.each(['no B', 'extra fields', 'spaced', 'shuffled'] as const)('%s says the same in another way', (how) => {
  expect(said(rewritten(TEXT, how))).toEqual(said(TEXT));
  if (how !== 'no B') expect(rewritten(TEXT, how)).not.toBe(TEXT);
});

it.each(['bad JSON', 'truncated', 'wrong types', 'missing fields'] as const)('%s cannot be understood', (how) => {
  expect(said(rewritten(TEXT, how))).toMatchObject([{ kind: 'malformed' }]);
});
