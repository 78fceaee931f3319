import { expect, it } from 'vitest';
import { inOrder, withinSpan, withoutRepeats, type ReadRow } from '../../src/venues/kline-rows.ts';
import { candle } from '../support/candle.ts';

const MINUTE = 60_000;
const row = (minute: number): ReadRow => ({ timestamp: minute * MINUTE, candle: candle(minute) });
const spoilt = (minute: number): ReadRow => {
  const timestamp = minute * MINUTE;
  return { timestamp, rejected: { timestamp, row: [], reason: 'spoilt' } };
};
const timesIn = (rows: readonly ReadRow[]) => {
  const parsed = inOrder(rows);
  if (!parsed.ok) return parsed.reason;
  return [parsed.value.candles, parsed.value.rejected].map((part) => part.map(({ timestamp }) => timestamp / MINUTE));
};

it('keeps candles and spoilt rows, each in their order', () => {
  expect(timesIn([row(1), spoilt(2), row(3)])).toEqual([[1, 3], [2]]);
});

it('refuses what is out of order', () => {
  expect(timesIn([row(2), row(1)])).toBe('klines: open times do not rise');
});

it('gives a candle more weight than a spoilt row, and believes neither of two candles that differ', () => {
  expect(timesIn([spoilt(1), row(1)])).toEqual([[1], []]);
  expect(timesIn([row(1), spoilt(1)])).toEqual([[1], []]);
  const other = { timestamp: MINUTE, candle: { ...candle(1), volume: candle(1).volume + 1 } };
  expect(timesIn([row(1), other])).toEqual([[], [1]]);
  expect(timesIn([row(1), other, row(1)])).toEqual([[], [1]]);
  expect(timesIn([row(1), row(1)])).toEqual([[1], []]);
});

it('leaves out what stands before the span, and refuses an answer with a row behind it', () => {
  const rows = { candles: [candle(1), candle(2)], rejected: [] };
  expect(withinSpan(rows, { from: 2 * MINUTE })).toEqual({ ok: true, value: { candles: [candle(2)], rejected: [] } });
  expect(withinSpan(rows, { before: 2 * MINUTE })).toMatchObject({ ok: false });
});

it('leaves out what is written twice in a row', () => {
  expect(withoutRepeats([[1], [1], [2], [1]])).toEqual([[1], [2], [1]]);
});
