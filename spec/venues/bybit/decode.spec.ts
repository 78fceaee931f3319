import { describe, expect, it } from 'vitest';
import { decode } from '../../../src/venues/bybit/decode.ts';
import { isOpenKline } from '../../../src/venues/bybit/open-kline.ts';
import { HAS_RECORDINGS } from '../../support/recordings.ts';
import { CLOSED, OPENED, linear, spot } from './frames.ts';
import { framesOf } from './recordings.ts';

const read = (text: string) => decode(Buffer.from(text), 'bybit-linear');

describe('a frame', () => {
  it('may close a candle and open the next: each says for itself whether it is closed', () => {
    for (const frame of [linear(CLOSED, OPENED), linear(OPENED, CLOSED), spot(CLOSED, OPENED)]) {
      const told = read(frame).map((one) => (one.kind === 'candle' ? [one.candle.timestamp, one.finality] : one));
      expect(told).toHaveLength(2);
      expect(told).toContainEqual([60_000, 'final']);
      expect(told).toContainEqual([120_000, 'running']);
      expect(isOpenKline(Buffer.from(frame))).toBe(false);
    }
  });

  it('of which one candle is spoilt still tells the other', () => {
    const told = read(linear(CLOSED, OPENED.replace('"77.31"', '"x"')));
    expect(told).toMatchObject([{ finality: 'final' }, { kind: 'malformed', reason: 'a price is not a number' }]);
  });

  it('says neither trades nor who took, and may lack a time', () => {
    const [told] = read(linear(CLOSED).replace('"ts":120005', '"ts":"soon"'));
    const untold = { trades: null, takerBuyVolume: null, takerBuyQuoteVolume: null };
    expect(told).toMatchObject({ eventTime: null, candle: { ...untold, quoteVolume: 96_823.3 } });
  });

  it.each([
    ['another interval inside', linear(CLOSED).replace('"interval":"1"', '"interval":"3"'), 'interval is not that of the topic'],
    ['an interval that Bybit lacks', linear(CLOSED).replaceAll('kline.1.', 'kline.480.'), 'the topic names no series'],
    ['a topic without a symbol', linear(CLOSED).replace('kline.1.SOLUSDT', 'kline.1.'), 'the topic names no series'],
    ['confirm in words', linear(CLOSED).replace('true', '"true"'), 'confirm is not a boolean'],
    ['a time in words', linear(CLOSED).replace('60000', '"now"'), 'start or end is not a time'],
    ['a candle that is none', linear('7'), 'a candle is not an object'],
    ['no candle', linear(), 'a kline topic without candles'],
    ['a topic that is none', '{"topic":7}', 'topic is not a text'],
  ])('with %s is malformed', (_, frame, reason) => {
    expect(read(frame)).toEqual([{ kind: 'malformed', reason }]);
    expect(isOpenKline(Buffer.from(frame))).toBe(false);
  }); // prettier-ignore

  it('of another topic is no concern of ours', () => {
    expect(read('{"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1,"data":[]}')).toEqual([{ kind: 'ignored' }]);
  });
});

it.skipIf(!HAS_RECORDINGS)('recorded sessions hold three closes, and nothing that cannot be read', () => {
  const told = (['bybit-linear', 'bybit-spot'] as const).flatMap((venue) =>
    framesOf(venue).flatMap((frame) => decode(Buffer.from(frame), venue)),
  );
  const closes = told.flatMap((one) => (one.kind === 'candle' && one.finality === 'final' ? [one.candle] : []));
  expect(closes.map(({ venue, symbol, close, volume }) => [venue, symbol, close, volume])).toEqual([
    ['bybit-linear', 'BTCUSDT', 65_114.2, 3.712],
    ['bybit-linear', 'SOLUSDT', 77.31, 1252.7],
    ['bybit-spot', 'BTCUSDT', 65_140.5, 0.15388],
  ]);
  expect(told.filter(({ kind }) => kind === 'malformed' || kind === 'rejected')).toEqual([]);
});
