import { expect, it } from 'vitest';
import { rewritten } from '../../../../src/testing/dialects/binance/rewrite.ts';

const TEXT = '{"e":"kline","E":5,"s":"A","k":{"t":1,"T":2,"s":"A","o":"1","c":"2","x":true,"B":"0"}}';
const k = (text: string): Record<string, unknown> => (JSON.parse(text) as { k: Record<string, unknown> }).k;

it.each(['spaced', 'shuffled'] as const)('%s says the same in another way', (how) => {
  expect(rewritten(TEXT, how)).not.toBe(TEXT);
  expect(JSON.parse(rewritten(TEXT, how))).toEqual(JSON.parse(TEXT));
});

it('leaves out the field that nobody needs, or adds fields that nobody knows', () => {
  for (const text of [TEXT, TEXT.replaceAll(',', ', ')]) {
    expect(k(rewritten(text, 'no B'))).toEqual({ t: 1, T: 2, s: 'A', o: '1', c: '2', x: true });
  }
  expect(k(rewritten(TEXT, 'extra fields'))).toMatchObject(k(TEXT));
  expect(rewritten(TEXT, 'extra fields')).toContain('"x":false');
});

it.each(['bad JSON', 'truncated'] as const)('%s is no JSON any more', (how) => {
  expect(() => JSON.parse(rewritten(TEXT, how)) as unknown).toThrow(SyntaxError);
});

it('damages types and fields', () => {
  expect(k(rewritten(TEXT, 'wrong types'))).toMatchObject({ t: 'soon', o: null });
  expect(k(rewritten(TEXT, 'missing fields'))).not.toHaveProperty('T');
});
