import { describe, expect, it } from 'vitest';
import { sizeText } from '../../src/cli/size.ts';

describe('sizeText', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [4096, '4.1 kB'],
    [40_960, '41 kB'],
    [7_400_000, '7.4 MB'],
    [2_500_000_000, '2.5 GB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(sizeText(bytes)).toBe(text);
  });
});
