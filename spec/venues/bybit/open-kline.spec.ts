import { describe, expect, it } from 'vitest';
import { isOpenKline } from '../../../src/venues/bybit/open-kline.ts';
import { CLOSED, OPENED, linear, spot } from './frames.ts';

describe('the bytes of a frame', () => {
  it.each([
    ['as linear writes it', linear(OPENED), true],
    ['as spot writes it', spot(OPENED), true],
    ['with two running candles', linear(OPENED, OPENED), true],
    ['of a symbol that has the word in it', linear(OPENED).replace('SOLUSDT', 'TRUEUSDT'), true],
    ['in another order', `{"ts":1,${linear(OPENED).slice(1)}`, false],
    ['with a space', linear(OPENED).replace('"confirm":', '"confirm": '), false],
    ['with something that is true', linear(OPENED).replace('"ts"', '"new":true,"ts"'), false],
    ['with an object more', linear(OPENED).replace('"ts"', '"new":{},"ts"'), false],
    ['with a candle that does not say', linear(OPENED, OPENED.replace('"confirm":false,', '')), false],
    ['with a flag beside the candles', linear().replace('"ts"', '"confirm":false,"ts"'), false],
    ['with one that closed', linear(CLOSED, OPENED), false],
    ['cut short', linear(OPENED).slice(0, -1), false],
    ['of a trade', linear(OPENED).replace('kline.', 'trade.'), false],
  ])('prove a running candle %s: %s', (_, frame, proven) => expect(isOpenKline(Buffer.from(frame))).toBe(proven));
});
