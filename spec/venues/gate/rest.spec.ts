import { describe, expect, it } from 'vitest';
import type { KlinesRequest } from '../../../src/ports/market-data.ts';
import { gateRest } from '../../../src/venues/gate/rest.ts';

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 10, 26, 12);
const ask = (request: Partial<KlinesRequest>) =>
  gateRest.candles({ symbol: 'A_B', interval: '1m', limit: 300, ...request }, NOW);
const minutesBack = (request: Partial<KlinesRequest>) => {
  const { from, to } = ask(request).query;
  return [NOW / 1000 - Number(from), NOW / 1000 - Number(to)].map((seconds) => Math.ceil(seconds / 60));
};

describe('the span of a request', () => {
  it.each<[string, Partial<KlinesRequest>, readonly number[]]>([
    ['both ends', { from: NOW - 9 * MINUTE, before: NOW }, [9, 1]],
    ['an end', { before: NOW - 5 * MINUTE, limit: 3 }, [8, 6]],
    ['a beginning', { from: NOW - 9 * MINUTE, limit: 3 }, [9, 7]],
    ['a beginning that is gone', { from: NOW - 20_000 * MINUTE, before: NOW - 9800 * MINUTE }, [9900, 9801]],
  ])('of %s', (_, request, minutes) => expect(minutesBack(request)).toEqual(minutes));

  it('that is gone is one of no rows, whatever comes', () => {
    const { query, parse } = ask({ from: NOW - 20_000 * MINUTE, before: NOW - 19_000 * MINUTE });
    expect(query['from']).toBe(query['to']);
    const row = [String(query['from']), '12', '1.5', '2', '0.5', '1', '10', 'true'];
    expect(parse([row])).toEqual({ ok: true, value: { rows: [], rejected: [] } });
    expect(parse({}).ok).toBe(false);
  });
});

it('reads the time', () => {
  const { parse } = gateRest.time();
  expect(parse({ server_time: 1_731_447_921_098 })).toEqual({ ok: true, value: 1_731_447_921_098 });
  for (const body of [{}, { server_time: '1731447921098' }, { server_time: 0 }]) expect(parse(body).ok).toBe(false);
});
