import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOpenKline } from '../../../src/venues/binance/open-kline.ts';
import { binanceUsdm } from '../../../src/venues/binance/usdm.ts';
import { klineFrame } from '../../support/fake-sessions.ts';
import { everyFrame, HAS_RECORDINGS } from '../../support/recordings.ts';
import { whites, written } from '../../support/json-text.ts';

const says = (text: string): boolean => isOpenKline(Buffer.from(text));
const OPEN = klineFrame('btcusdt@kline_1m', 60_000, false);
const CLOSED = klineFrame('btcusdt@kline_1m', 60_000, true);
const raw = (text: string): string => text.replace(/^.*?"data":(.*)\}$/, '$1');
/** As USDⓈ-M writes it: a space after each comma inside `k`. */
const spaced = (text: string): string => text.replace(/(?<="k":\{.*),/g, ', ');
interface Message {
  readonly stream: string;
  readonly data: { readonly k: object };
}
type Extra = readonly (readonly [name: string, value: unknown])[];

const { data } = JSON.parse(OPEN) as Message;
const second = JSON.stringify(data);

describe('an unfinished kline is proved by its bytes', () => {
  it.each([
    ['as spot and COIN-M send it', OPEN, true],
    ['as USDⓈ-M sends it', spaced(OPEN), true],
    ['without an envelope', raw(OPEN), true],
    ['without an envelope, as USDⓈ-M sends it', spaced(raw(OPEN)), true],
    ['of a longer symbol', klineFrame('1000000mogusdt_261225@kline_15m', 900_000, false), true],
    ['of a symbol that has the word in it', klineFrame('trueusdt@kline_1m', 60_000, false), true],
    ['of a symbol beyond ASCII', klineFrame('币安人生usdt@kline_1m', 60_000, false), true],
    ['with a space after the colon', OPEN.replace('"x":false', '"x": false'), true],
    ['with a space before the colon', OPEN.replace('"x":false', '"x" :false'), true],
    ['with tabs and line feeds', OPEN.replace('"x":false', '"x"\t:\r\n\t false'), true],
    ['over many lines', JSON.stringify(JSON.parse(OPEN), null, 2), true],
    ['without B', OPEN.replace(',"B":"0"', ''), true],
    ['with x at the end', OPEN.replace('"x":false,', '').replace('"B":"0"', '"B":"0","x":false'), false],
    ['with x at the beginning', OPEN.replace('"x":false,', '').replace('"k":{', '"k":{"x":false,'), false],
    ['with another flag after it', OPEN.replace('"B":"0"', '"B":"0","z":false'), true],
    ['with more in the envelope', OPEN.replace(/\}$/, ',"z":[null,1,"true"]}'), true],
    ['with another flag that is true', OPEN.replace('"B":"0"', '"B":"0","z":true'), false],
    ['without x', OPEN.replace('"x":false,', ''), false],
    ['with an x that is null', OPEN.replace('"x":false', '"x":null'), false],
    ['with an x in words', OPEN.replace('"x":false', '"x":"false"'), false],
    ['with the flag under a longer name', OPEN.replace('"x":false', '"xx":false'), false],
    ['with the flag under an escaped name', OPEN.replace('"x":false', String.raw`"\"x":false`), false],
    ['closed', CLOSED, false],
    ['closed, as USDⓈ-M sends it', spaced(CLOSED), false],
    ['closed, without an envelope', raw(CLOSED), false],
    ['closed, with a space after the colon', CLOSED.replace('"x":true', '"x": true'), false],
    ['closed, under an escaped name', CLOSED.replace('"x":true', String.raw`"\u0078":true`), false],
    [
      'closed, and x again under an escaped name',
      CLOSED.replace('"x":true', String.raw`"x":false,"\u0078":true`),
      false,
    ],
    ['closed, with an x in an unknown field after it', CLOSED.replace('"B":"0"', '"B":{"x":false}'), false],
    ['closed, with an x and a q after it', CLOSED.replace('"B":"0"', '"p":{"x":false,"q":"1"}'), false],
    ['closed, with another x beside k', CLOSED.replace(/}}$/, '},"x":false}'), false],
    ['closed, with another x and a q beside k', CLOSED.replace(/}}$/, ',"p":{"x":false,"q":"1"}}}'), false],
    ['closed, with a second kline beside k', CLOSED.replace(/}}$/, `,"p":${second}}}`), false],
    ['closed, with a second kline beside data', CLOSED.replace(/}$/, `,"p":${second}}`), false],
    ['closed, with the words in a string', CLOSED.replace('"B":"0"', String.raw`"B":"\"x\":false,\"q\":\""`), false],
    ['an acknowledgement', '{"result":null,"id":1}', false],
    ['an answer that says false', '{"result":{"e":"kline","x":false},"id":1}', false],
    ['another event, whose topic says kline', '{"stream":"x@kline_1m","data":{"e":"trade","k":{"x":false}}}', false],
    ['a part of a frame', OPEN.slice(OPEN.indexOf('"e"')), false],
    ['nothing', '', false],
  ])('%s', (_what, text, proved) => {
    expect(says(text)).toBe(proved);
  });

  it('looks at nothing beyond its end', () => {
    const bytes = Buffer.from(OPEN);
    const q = OPEN.indexOf('"q"');
    for (let end = 0; end < q + 3; end++) expect(isOpenKline(bytes, 0, end)).toBe(false);
    expect(isOpenKline(bytes, 0, q + 3)).toBe(true);
  });

  it('finds the words wherever they stand', () => {
    for (let length = 0; length < 12; length++) {
      for (const at of ['"B":"0"', '"s":"BTCUSDT","i"', '"n":2']) {
        const longer = `"y":"${'0'.repeat(length)}",${at}`;
        for (const write of [(text: string) => text, spaced, raw]) {
          expect(says(write(OPEN.replace(at, longer)))).toBe(true);
          expect(says(write(CLOSED.replace(at, longer)))).toBe(false);
          expect(says(write(CLOSED.replace('"k":', '"p":{"x":false},"k":').replace(at, longer)))).toBe(false);
          expect(says(write(CLOSED.replace('"B":"0"', '"B":{"x":false}').replace(at, longer)))).toBe(false);
        }
      }
    }
  });

  it('finds the shortest close at the very beginning', () => {
    for (const gap of ['', ' ', '  ', '   ']) {
      for (const begin of [
        '{"e":"kline",',
        '{"stream":0,"data":{',
        `{"stream":0,${gap}"data":{`,
        `{${gap}"e":"kline",`,
      ]) {
        const end = '"p":{"x":false,"q":0}}';
        expect(says(`${begin}"k":{"x":${gap}true},${end}`)).toBe(false);
        expect(says(`${begin}"k":{"x":${gap}null},${end}`)).toBe(true);
      }
    }
  });

  const name = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom('x', 'q', 'k', 'e', 's', 'data', 'stream', 'true', 'false', 'xx', '"x', '\\"x', '\\'),
  );
  const kline = data.k;
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom<unknown>(
      false,
      true,
      null,
      'false',
      'true',
      ' true',
      ':true',
      '"x":false,"q":"',
      '"x":false',
      '\\',
    ),
    fc.constantFrom<unknown>(
      { x: false },
      { x: true },
      [{ x: false }],
      { x: false, q: '1' },
      { k: { x: false } },
      kline,
    ),
  );
  const extra = fc.array(fc.tuple(name, value), { maxLength: 3 });
  const quiet = fc.array(
    fc.tuple(fc.stringMatching(/^[a-z]{2,5}$/), fc.constantFrom<unknown>(false, null, 'true', [1], kline)),
    { maxLength: 3 },
  );
  interface Parts {
    readonly closed: boolean;
    readonly inK: readonly [before: Extra, after: Extra];
    readonly inData: readonly [before: Extra, after: Extra];
    readonly inEnvelope: Extra;
    readonly hasEnvelope: boolean;
    readonly turnedBy: number;
    readonly white: readonly string[];
  }
  const partsWith = (some: fc.Arbitrary<Extra>): fc.Arbitrary<Parts> =>
    fc.record({
      closed: fc.boolean(),
      inK: fc.tuple(some, some),
      inData: fc.tuple(some, some),
      inEnvelope: some,
      hasEnvelope: fc.boolean(),
      turnedBy: fc.integer({ min: 0, max: 20 }),
      white: whites,
    });

  /** Members of one name may come twice: the last one counts. */
  function textOf({ closed, inK, inData, inEnvelope, hasEnvelope, turnedBy, white }: Parts): string {
    const { stream, data: said } = JSON.parse(closed ? CLOSED : OPEN) as Message;
    const { k, ...head } = said;
    const members = Object.entries(k);
    const turned = [...inK[0], ...members.slice(turnedBy), ...members.slice(0, turnedBy), ...inK[1]];
    const event = [...Object.entries(head), ...inData[0], ['k', turned], ...inData[1]];
    return written(hasEnvelope ? [['stream', stream], ['data', event], ...inEnvelope] : event, white); // prettier-ignore
  }

  it('hides nothing but klines that are not closed, whatever is added, moved, doubled or spaced', () => {
    fc.assert(
      fc.property(partsWith(extra), (parts) => {
        const text = textOf(parts);
        if (!says(text)) return;
        const [decoded] = binanceUsdm.stream.decode(Buffer.from(text));
        expect(decoded).not.toMatchObject({ finality: 'final' });
        expect(['candle', 'ignored', 'malformed']).toContain(decoded?.kind);
      }),
      { numRuns: 5000 },
    );
  });

  it('hides each kline that is not closed, however spaced, where q comes after x and nothing is true', () => {
    fc.assert(
      fc.property(partsWith(quiet), (parts) => {
        fc.pre(parts.turnedBy !== Object.keys(data.k).indexOf('q'));
        expect(says(textOf(parts))).toBe(!parts.closed);
      }),
      { numRuns: 3000 },
    );
  });

  it('hides no close of which bytes have changed', () => {
    const bytes = fc.array(fc.tuple(fc.nat(), fc.constantFrom(...' "\\:,{}[]xkeqtrufals0n\n'.split(''))), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(fc.constantFrom(CLOSED, spaced(CLOSED), raw(CLOSED)), bytes, (text, edits) => {
        const characters = text.split('');
        for (const [at, other] of edits) characters[at % characters.length] = other;
        const edited = characters.join('');
        if (says(edited))
          expect(binanceUsdm.stream.decode(Buffer.from(edited))).not.toMatchObject([{ finality: 'final' }]);
      }),
      { numRuns: 5000 },
    );
  });
});

describe.skipIf(!HAS_RECORDINGS)('what the real exchange has sent', () => {
  it('is proved for every running kline that was ever recorded, and for nothing else', () => {
    const frames = everyFrame();
    const isRunning = (frame: string): boolean => {
      const message = JSON.parse(frame) as { data?: unknown };
      const { e, k } = (message.data ?? message) as { e?: string; k?: { x?: unknown } };
      return e === 'kline' && k?.x === false;
    };
    expect(frames.filter((frame) => isRunning(frame) !== says(frame))).toEqual([]);
    expect(frames.filter(says).length).toBeGreaterThan(180);
  });
});
