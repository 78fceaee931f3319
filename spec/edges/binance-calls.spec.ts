import { expect, it } from 'vitest';
import { openCalls } from '../../src/edges/binance-calls.ts';

const SECRETS = { apiKey: 'the-key-of-a-spec', apiSecret: 'the-secret-of-a-spec' };

/** Opens a market whose `fetch` notes what it is asked and answers with this text. */
async function opened(venueId: 'binance-usdm' | 'binance-coinm' | 'binance-spot', body = '[]') {
  const asked: { url: string; headers: Record<string, string> }[] = [];
  const fetch = (url: string, { headers }: { headers: Record<string, string> }) => {
    asked.push({ url: decodeURIComponent(url), headers });
    return Promise.resolve({ status: 200, statusText: 'OK', headers: {}, text: () => Promise.resolve(body) });
  };
  return { asked, calls: await openCalls({ venueId, origin: 'http://127.0.0.1:1', credentials: SECRETS, fetch }) };
}

it.each([
  ['binance-usdm', '/fapi/v1', ''],
  ['binance-coinm', '/dapi/v1', ''],
  ['binance-spot', '/api/v3', '?showPermissionSets=false'],
] as const)('asks %s at its own paths, without credentials', async (venueId, path, filter) => {
  const { asked, calls } = await opened(venueId);
  await calls.klines({ symbol: '币安人生USDT', interval: '1M', limit: 2, startTime: 0 });
  await calls.time();
  await calls.symbols();
  expect(asked.map(({ url }) => url)).toEqual([
    `http://127.0.0.1:1${path}/klines?symbol=币安人生USDT&interval=1M&limit=2&startTime=0`,
    `http://127.0.0.1:1${path}/time`,
    `http://127.0.0.1:1${path}/exchangeInfo${filter}`,
  ]);
  const text = JSON.stringify(asked);
  expect(text).not.toContain(SECRETS.apiKey);
  expect(text).not.toContain(SECRETS.apiSecret);
});

it("answers the exchange's own rows, all columns, each of its own kind", async () => {
  const rows = [[0, '1', '2', '3', '4', '5', 59_999, '7', 8, '9', '10', '0']];
  const { calls } = await opened('binance-usdm', JSON.stringify(rows));
  expect(await calls.klines({ symbol: 'BTCUSDT', interval: '1m' })).toEqual(rows);
});

it('keeps numbers as numbers beside one that is too large', async () => {
  const { calls } = await opened('binance-usdm', '{"serverTime":1791382920000,"new":123456789012345678901}');
  expect(await calls.time()).toMatchObject({ serverTime: 1_791_382_920_000 });
});

it('passes an error of its fetch on untouched', async () => {
  const error = new Error('ours');
  const fetch = () => Promise.reject(error);
  const calls = await openCalls({
    venueId: 'binance-usdm',
    origin: 'http://127.0.0.1:1',
    credentials: undefined,
    fetch,
  });
  await expect(calls.time()).rejects.toBe(error);
});
