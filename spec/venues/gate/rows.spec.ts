import { expect, it } from 'vitest';
import type { KlinesRequest } from '../../../src/ports/market-data.ts';
import { rowsOf } from '../../../src/venues/gate/rows.ts';

const MINUTE = 60_000;
const row = (minute: number, complete = 'true') => [String(minute * 60), '12', '1.5', '2', '0.5', '1', '10', complete];
const read = (body: unknown, request: Partial<KlinesRequest> = {}) =>
  rowsOf(body, { symbol: 'A_B', interval: '1m', limit: 9, ...request });

it('reads the columns in their order, and takes no row for final by its last column alone', () => {
  const candle = { timestamp: MINUTE, open: 1, high: 2, low: 0.5, close: 1.5, volume: 10, quoteVolume: 12 };
  expect(read([row(1), row(2, 'false')])).toMatchObject({
    ok: true,
    value: { rows: [{ candle, final: false }, { final: false }], rejected: [] },
  });
});

it('does not believe a row of seven columns, as of 2022', () => {
  expect(read([row(1).slice(0, 7)])).toMatchObject({ value: { rows: [{ final: false }] } });
});

it('keeps the newest of more rows than were wanted', () => {
  const parsed = read([row(1), row(2), row(3)], { limit: 2 });
  const times = parsed.ok ? parsed.value.rows.map(({ candle }) => candle.timestamp / MINUTE) : [];
  expect(times).toEqual([2, 3]);
});

it('leaves out what lies before the span, and refuses what lies behind it or is out of order', () => {
  expect(read([row(1), row(2)], { from: 2 * MINUTE })).toMatchObject({ value: { rows: [{ final: false }] } });
  expect(read([row(3)], { before: 3 * MINUTE }).ok).toBe(false);
  expect(read([row(2), row(1)]).ok).toBe(false);
});

it.each([undefined, {}, [[]], [['x']]])('refuses %j as a whole', (body) => expect(read(body).ok).toBe(false));
