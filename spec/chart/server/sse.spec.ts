import { expect, it } from 'vitest';
import { toChartCandle } from '../../../src/chart/server/batch.ts';
import { write } from '../../../src/chart/server/sse.ts';
import { candle } from '../../support/candle.ts';

const START = { marks: new Map([['ETHUSDT:1h', 3_600_000]]), text: '' };
const eventOf = (closed: boolean) =>
  ({
    type: 'points',
    data: { series: 'BTCUSDT:1m', restart: false, points: [toChartCandle({ ...candle(2), closed })] },
  }) as const;

it('says with each closed candle how far all series of the page have got', () => {
  const { text, marks } = write(START, eventOf(true));
  expect(text).toMatch(/^event: points\nid: ETHUSDT%3A1h=3600000&BTCUSDT%3A1m=120000\ndata: \{[^\n]*\}\n\n$/);
  expect(write({ marks, text }, { type: 'ended', data: { series: 'BTCUSDT:1m' } })).toEqual({
    marks,
    text: 'event: ended\ndata: {"series":"BTCUSDT:1m"}\n\n',
  });
});

it('leaves the browser with what it has where nothing closed', () => {
  expect(write(START, eventOf(false)).text).not.toContain('id:');
});
