import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIELDS } from '../../../src/core/candle.ts';
import { INTERVALS, closeTimeOf, openTimeAt } from '../../../src/core/interval.ts';
import { readKlineFrame } from '../../../src/venues/binance/kline-frame.ts';
import { binanceUsdm } from '../../../src/venues/binance/usdm.ts';
import { whites, written } from '../../support/json-text.ts';
import { HAS_RECORDINGS, recordings } from '../../support/recordings.ts';

const read = (text: string) => readKlineFrame(Buffer.from(text), 'binance-usdm');

/** The full way: one more member in the envelope is nothing to us, and no layout of Binance's. */
const readInFull = (text: string) => binanceUsdm.stream.decode(Buffer.from(text.replace('{', '{"and":0,')))[0];

/** Characters of the longest number that is written as a text. */
const longestNumber = (text: string) => Math.max(...(text.match(/"[\d.]+"/g) ?? []).map(({ length }) => length - 2));

const FRAME =
  '{"stream":"btcusdt@kline_1m","data":{"e":"kline","E":1719765540037,"s":"BTCUSDT","k":{"t":1719765480000,' +
  '"T":1719765539999,"s":"BTCUSDT","i":"1m","f":5122041311,"L":5122041728,"o":"61607.90","c":"61624.90",' +
  '"h":"61624.90","l":"61605.30","v":"16.710","n":418,"x":true,"q":"1029521.00470","V":"12.571","Q":"774523.56400","B":"0"}}}';

/** As USDⓈ-M writes it: a space after each comma inside `k`. */
const SPACED = FRAME.replace(/(?<="k":\{.*),/g, ', ');

describe('a kline as Binance writes it', () => {
  it('leaves the full way something to read', () => {
    expect(read(FRAME.replace('{', '{"and":0,'))).toBeUndefined();
  });

  it('is read with the spaces of USDⓈ-M', () => {
    expect(SPACED).toContain(', "x":true, "q":"');
    expect(read(SPACED)).toEqual(readInFull(FRAME));
  });

  it.each([
    ['over many lines', JSON.stringify(JSON.parse(FRAME), null, 2)],
    ['with white space of all kinds', FRAME.replace(/[{}]|(?<=["\de]),|(?<=["A-Za-z]"):/g, ' \t$&\r\n ').trim()],
  ])('is read %s', (_what, text) => {
    expect(read(text)).toEqual(readInFull(FRAME));
  });

  it('is read', () => {
    expect(read(FRAME)).toMatchObject({ kind: 'candle', finality: 'final', eventTime: 1719765540037 });
    expect(read(FRAME)).toEqual(readInFull(FRAME));
  });

  it.each([
    ['still running', '"x":true', '"x":false'],
    ['without B', ',"B":"0"', ''],
    ['without a trade', '"f":5122041311,"L":5122041728', '"f":-1,"L":-1'],
    ['with amounts of no decimals', '"v":"16.710"', '"v":"16"'],
    ['with zeros in front', '"v":"16.710"', '"v":"0000000000000016.710"'],
    ['with sixteen digits', '"q":"1029521.00470"', '"q":"89295219999.00470"'],
    ['of a quarterly contract', /BTCUSDT/g, 'BTCUSDT_261225'],
  ])('is read when %s', (_what, from, to) => {
    const frame = FRAME.replace(from, to);
    expect(frame).not.toBe(FRAME);
    expect(read(frame)).toBeDefined();
    expect(read(frame)).toEqual(readInFull(frame));
  });

  it('becomes a frozen candle with its keys in the one order', () => {
    const candle = read(FRAME)?.candle;
    expect(Object.keys(candle ?? {})).toEqual(FIELDS);
    expect(Object.isFrozen(candle)).toBe(true);
  });

  it.skipIf(!HAS_RECORDINGS)('is what the recordings have', () => {
    const klines = recordings()
      .flatMap(({ frames }) => frames)
      .filter((frame) => frame.includes('"e":"kline"'))
      .map((frame) => (frame.startsWith('{"stream"') ? frame : `{"stream":"x","data":${frame}}`));
    expect(klines.length).toBeGreaterThan(50);
    for (const frame of klines) {
      const answer = read(frame);
      if (longestNumber(frame) <= 15) expect(answer, frame).toBeDefined();
      if (answer !== undefined) expect(answer).toEqual(readInFull(frame));
    }
  });
});

describe('any other frame is left to be read in full', () => {
  it.each<readonly [what: string, from: string | RegExp, to: string]>([
    ['no envelope', /^\{"stream":"[^"]*","data":(.*)\}$/, '$1'],
    ['a field more', '"B":"0"', '"B":"0","z":1'],
    ['a field fewer', ',"Q":"774523.56400"', ''],
    ['another field for the last', '"B":"0"', '"C":"0"'],
    ['fields in another order', '"f":5122041311,"L":5122041728', '"L":5122041728,"f":5122041311'],
    ['a space in a name', '"n":418', '"n ":418'],
    ['a space in a symbol', '"s":"BTCUSDT","i"', '"s":"BTCUSDT ","i"'],
    ['a space in a decimal', '"v":"16.710"', '"v":" 16.710"'],
    ['a space after a decimal', '"v":"16.710"', '"v":"16.710 "'],
    ['a space in a number', '"n":418', '"n":4 18'],
    ['a space in a word', '"x":true', '"x":tr ue'],
    ['white space that is none to JSON', '"n":418', '"n":\u000b418'],
    ['a space of another script', '"n":418', '"n":\u00a0418'],
    ['something behind the end', /$/, ' '],
    ['an end too soon', /\}$/, ''],
    ['half a frame', /,"h".*/, ''],
    ['an escape', 'BTCUSDT","k"', '\\u0042TCUSDT","k"'],
    ['a symbol beyond ASCII', /BTCUSDT/g, '币安人生USDT'],
    ['no symbol', /BTCUSDT/g, ''],
    ['two symbols', '"s":"BTCUSDT","i"', '"s":"ETHUSDT","i"'],
    ['a longer second symbol', '"s":"BTCUSDT","i"', '"s":"BTCUSDTX","i"'],
    ['an interval we do not know', '"i":"1m"', '"i":"7m"'],
    ['an open time off the grid', '"t":1719765480000', '"t":1719765480001'],
    ['a close time of another candle', '"T":1719765539999', '"T":1719765599999'],
    ['microseconds', /"t":1719765480000,"T":1719765539999/, '"t":1719765480000000,"T":1719765539999999'],
    ['a time beyond all', /"t":1719765480000,"T":1719765539999/, '"t":9000000000000000,"T":9000000000059999'],
    ['an event time in microseconds', '"E":1719765540037', '"E":1719765540037000'],
    ['a number with a leading zero', '"n":418', '"n":0418'],
    ['a negative count', '"n":418', '"n":-418'],
    ['a number for a text', '"v":"16.710"', '"v":16.710'],
    ['an exponent', '"v":"16.710"', '"v":"1.671e1"'],
    ['no digits', '"v":"16.710"', '"v":""'],
    ['no digits before the point', '"v":"16.710"', '"v":".710"'],
    ['no digits behind the point', '"v":"16.710"', '"v":"16."'],
    ['more digits than are exact', '"q":"1029521.00470"', '"q":"92952199999.00470"'],
    ['more decimals than are exact', '"v":"16.710"', `"v":"0.${'0'.repeat(22)}1"`],
    ['a negative price', '"l":"61605.30"', '"l":"-61605.30"'],
    ['a low above the high', '"l":"61605.30"', '"l":"61625.30"'],
    ['neither true nor false', '"x":true', '"x":trUe'],
    ['null', '"x":true', '"x":null'],
    ['another event', '"e":"kline"', '"e":"trade"'],
    ['a reply', /.*/, '{"result":null,"id":1}'],
    ['nothing', /.*/, ''],
  ])('%s', (_what, from, to) => {
    const frame = FRAME.replace(from, to);
    expect(frame).not.toBe(FRAME);
    expect(read(frame)).toBeUndefined();
  });
});

const decimal = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 18n }), fc.integer({ min: 0, max: 10 }))
  .map(([units, decimals]) => {
    const digits = String(units).padStart(decimals + 1, '0');
    return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  });

const message = fc
  .record({
    at: fc.integer({ min: 3_000_000_000, max: 2_000_000_000_000 }),
    interval: fc.constantFrom(...INTERVALS),
    symbol: fc.stringMatching(/^[A-Z0-9_]{1,20}$/),
    prices: fc.array(decimal, { minLength: 4, maxLength: 4 }),
    amounts: fc.array(decimal, { minLength: 4, maxLength: 4 }),
    trades: fc.nat(),
    closed: fc.boolean(),
  })
  .map(({ at, interval, symbol, prices, amounts, trades, closed }) => {
    const t = openTimeAt(at, interval, 0);
    const [low, open, close, high] = prices.toSorted((a, b) => Number(a) - Number(b));
    const [v, q, V, Q] = amounts;
    const k = {
      t, T: closeTimeOf(t, interval), s: symbol, i: interval, f: 100, L: 200, o: open, c: close, h: high, l: low,
      v, n: trades, x: closed, q, V, Q, B: '0',
    }; // prettier-ignore
    const stream = `${symbol.toLowerCase()}@kline_${interval}`;
    return { stream, data: { e: 'kline', E: at, s: symbol, k } };
  });

const frame = fc.tuple(message, whites).map(([one, white]) => written(one, white).trim());

describe('whatever the frame', () => {
  it('says what the full way says, and speaks up where the digits are few enough', () => {
    fc.assert(
      fc.property(frame, (text) => {
        const answer = read(text);
        if (longestNumber(text) <= 15) expect(answer).toBeDefined();
        if (answer !== undefined) expect(answer).toEqual(readInFull(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('says what the full way says, or nothing, when bytes have changed', () => {
    const character = fc.constantFrom(
      '0',
      '1',
      '9',
      '.',
      '-',
      'e',
      '"',
      '\\',
      ' ',
      '\t',
      '\n',
      '{',
      '}',
      ':',
      ',',
      't',
      'x',
      '\0',
      'é',
    );
    const changes = fc.array(fc.tuple(fc.nat(), character), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(frame, changes, (text, edits) => {
        const characters = text.split('');
        for (const [at, other] of edits) characters[at % characters.length] = other;
        const edited = characters.join('');
        const answer = read(edited);
        if (answer !== undefined) expect(answer).toEqual(readInFull(edited));
      }),
      { numRuns: 5000 },
    );
  });
});
