import { describe, expect, it } from 'vitest';
import type { KlinesRequest } from '../../../src/ports/market-data.ts';
import { okxRest } from '../../../src/venues/okx/rest.ts';

const NOW = Date.UTC(2026, 10, 26, 12);
const MINUTE = 60_000;
const ask = (request: Partial<KlinesRequest>) =>
  okxRest.candles({ symbol: 'BTC-USDT', interval: '1m', limit: 300, ...request }, NOW);

describe('the path', () => {
  const [candles, history] = ['/api/v5/market/candles', '/api/v5/market/history-candles'];

  it.each<[string, Partial<KlinesRequest>, string]>([
    ['the newest rows', { before: NOW + 1 }, candles],
    ['a hole of the last day', { from: NOW - 1300 * MINUTE, before: NOW - 1200 * MINUTE }, candles],
    ['what begins before the newest 1,440', { from: NOW - 1440 * MINUTE, before: NOW }, history],
    ['rows before a time whose page reaches back too far', { before: NOW - 1200 * MINUTE }, history],
    ['a week of candles of a day', { interval: '1d', from: NOW - 7 * 86_400_000 }, candles],
    ['everything', { from: 0, before: NOW, limit: 1 }, history],
    ['candles of a second', { interval: '1s', before: NOW }, history],
  ])('of %s', (_, request, path) => {
    expect(ask(request)).toMatchObject({ path, cost: { [path]: 1 } });
  });
});

it('asks with both ends exclusive', () => {
  expect(ask({ interval: '1d', from: 5 * MINUTE, before: 9 * MINUTE }).query).toEqual({
    instId: 'BTC-USDT', bar: '1Dutc', limit: 300, after: 9 * MINUTE, before: 5 * MINUTE - 1,
  }); // prettier-ignore
  expect(ask({ from: 0 }).query).toEqual({ instId: 'BTC-USDT', bar: '1m', limit: 300, before: 0 });
});

it('lists spot, then perpetuals, then futures', () => {
  const body = { code: '0', data: [{ instId: 'A-B', state: 'live' }] };
  const cursors: (string | undefined)[] = [];
  let cursor: string | undefined;
  do {
    const { query, parse } = okxRest.symbols(cursor);
    const page = parse(body);
    cursors.push(String(query['instType']));
    cursor = page.ok ? page.value.next : undefined;
  } while (cursor !== undefined);
  expect(cursors).toEqual(['SPOT', 'SWAP', 'FUTURES']);
});

it('reads the time', () => {
  const { parse } = okxRest.time();
  expect(parse({ code: '0', msg: '', data: [{ ts: '1597026383085' }] })).toEqual({
    ok: true,
    value: 1_597_026_383_085,
  });
  for (const body of [{}, { data: [] }, { data: [{}] }, { data: [{ ts: 'soon' }] }]) expect(parse(body).ok).toBe(false);
});
