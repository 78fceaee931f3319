import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOpenKline } from '../../src/venues/binance-open-kline.ts';
import { klineFrame } from '../support/fake-sessions.ts';

const says = (text: string): boolean => isOpenKline(Buffer.from(text));
const OPEN = klineFrame('btcusdt@kline_1m', 60_000, false);
const CLOSED = klineFrame('btcusdt@kline_1m', 60_000, true);

describe('an unfinished kline is proved by its bytes', () => {
  it.each([
    ['as the exchange sends it', OPEN, true],
    ['of a longer symbol', klineFrame('1000000mogusdt_261225@kline_15m', 900_000, false), true],
    ['that is closed', CLOSED, false],
    ['with a space after the colon', OPEN.replace('"x":false', '"x": false'), false],
    ['closed, with a space after the colon', CLOSED.replace('"x":true', '"x": true'), false],
    ['without x', OPEN.replace('"x":false,', ''), false],
    ['with a flag of another name after it', OPEN.replace('"B":"0"', '"B":"0","z":false'), false],
    ['closed, with an x in an unknown field after it', CLOSED.replace('"B":"0"', '"B":{"x":false}'), false],
    ['closed, with another x beside k', CLOSED.replace(/}}$/, '},"x":false}'), false],
    ['closed, with the words in a string', CLOSED.replace('"B":"0"', String.raw`"B":"\"x\":false,\"q\":\""`), false],
    ['an acknowledgement', '{"result":null,"id":1}', false],
    ['a property', '{"result":false,"id":1}', false],
    ['nothing', '', false],
  ])('%s', (_what, text, proved) => {
    expect(says(text)).toBe(proved);
  });

  it('finds the word wherever it stands', () => {
    for (let length = 0; length < 12; length++) {
      expect(says(OPEN.replace('"B":"0"', `"B":"${'0'.repeat(length)}"`))).toBe(true);
      expect(says(CLOSED.replace('"B":"0"', `"B":"${'0'.repeat(length)}"`))).toBe(false);
    }
  });

  it('goes by the last word, wherever it stands', () => {
    const other = CLOSED.replace('"k":', '"p":{"x":false,"q":"1"},"k":');
    for (let length = 0; length < 12; length++) {
      expect(says(other.replace('"B":"0"', `"B":"${'0'.repeat(length)}"`))).toBe(false);
    }
  });

  it('never says so of a kline that is closed, whatever is added, moved or spaced', () => {
    const name = fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom('x', 'q', 'k', 'true', 'false', 'xx'));
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom<unknown>(false, true, { x: false }, 'false', 'true', '"x":false,"q":"', [{ x: false }]),
    );
    const extra = fc.dictionary(name, value, { maxKeys: 4 });
    const spacing = fc.constantFrom(undefined, 1, '\t');
    fc.assert(
      fc.property(fc.boolean(), extra, extra, fc.boolean(), spacing, (closed, inK, inData, first, space) => {
        const { stream, data } = JSON.parse(closed ? CLOSED : OPEN) as { stream: string; data: { k: object } };
        const k = first ? { ...inK, ...data.k } : { ...without(inK, data.k), ...data.k, ...without(inK, data.k) };
        const message = { stream, data: { ...data, k, ...without(inData, data) } };
        const text = JSON.stringify(message, undefined, space);
        if (says(text)) expect((JSON.parse(text) as typeof message).data.k).toMatchObject({ x: false });
      }),
      { numRuns: 3000 },
    );
  });
});

/** Unknown fields only: those that the kline has keep their values. */
function without(extra: Record<string, unknown>, known: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(extra).filter(([key]) => !Object.hasOwn(known, key)));
}
