import { describe, expect, it } from 'vitest';
import type { KlinesRequest } from '../../../src/ports/market-data.ts';
import { rowsOf } from '../../../src/venues/okx/rows.ts';
import { plainRow, recordedOkx } from './samples.ts';

const MINUTE = 60_000;
const row = (minute: number, confirm = '1', open = '1'): readonly string[] => [
  String(minute * MINUTE), open, '2', '0.5', '1.5', '10', '11', '12', confirm,
]; // prettier-ignore
const read = (data: unknown, request: Partial<KlinesRequest> = {}) =>
  rowsOf(data, { symbol: 'A-B', interval: '1m', limit: 9, ...request });

describe.skipIf(recordedOkx().bodies.length === 0)('recorded answers', () => {
  it.each(recordedOkx().bodies)(
    'of %s %s are read field by field, oldest first, those with confirm 1 as final',
    (symbol, interval, body) => {
      const { data } = JSON.parse(body) as { data: string[][] };
      const parsed = rowsOf(data, { symbol, interval, limit: 300 });
      const expected = data.toReversed().map((one) => {
        const { candle, finality } = plainRow(one, symbol, interval, 'backfill');
        return { candle, final: finality === 'final' };
      });
      expect(parsed).toEqual({ ok: true, value: { rows: expected, rejected: [] } });
    },
  );
});

it('takes a row twice for one, and refuses an answer out of order', () => {
  expect(read([row(3, '0'), row(2), row(2), row(1)])).toMatchObject({
    ok: true,
    value: { rows: [{ final: true }, { final: true }, { final: false }], rejected: [] },
  });
  expect(read([row(1), row(2)])).toMatchObject({ ok: false });
});

it('believes neither of two rows of one time', () => {
  const parsed = read([row(1, '1', '1'), row(1, '1', '1.1')]);
  expect(parsed).toMatchObject({ ok: true, value: { rows: [], rejected: [{ timestamp: MINUTE }] } });
});

it('leaves out what lies before the span, and refuses what lies behind it', () => {
  expect(read([row(3), row(2)], { from: 3 * MINUTE })).toMatchObject({ ok: true, value: { rows: [{ final: true }] } });
  expect(read([row(3)], { before: 3 * MINUTE })).toMatchObject({ ok: false });
});

it('calls a row of 2022, which does not say, not final', () => {
  expect(read([row(1).slice(0, 7)])).toMatchObject({ ok: true, value: { rows: [{ final: false }] } });
});

it.each([undefined, {}, [[]], [['x']]])('refuses %j as a whole', (data) => expect(read(data).ok).toBe(false));
