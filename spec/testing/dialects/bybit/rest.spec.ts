import { expect, it } from 'vitest';
import { startFakeExchange, type FakeExchange } from '../../../../src/testing/index.ts';

interface Answer {
  readonly retCode: number;
  readonly result: { readonly list?: readonly (readonly string[])[]; readonly nextPageCursor?: string };
}

const MINUTE = 60_000;

async function ask(exchange: FakeExchange, path: string): Promise<{ status: number; body: string }> {
  const answer = await fetch(`${exchange.endpoints('bybit-linear').rest}/v5/market/${path}`);
  return { status: answer.status, body: await answer.text() };
}

const read = async (exchange: FakeExchange, path: string) => JSON.parse((await ask(exchange, path)).body) as Answer;

it('answers the newest rows of a span, newest first, the running one among them', async () => {
  await using exchange = await startFakeExchange({ startAt: 1_786_820_430_000 });
  const end = 1_786_820_400_000;
  const span = `start=${String(end - 9 * MINUTE)}&end=${String(end)}&limit=3`;
  const { result } = await read(exchange, `kline?category=linear&symbol=BTCUSDT&interval=1&${span}`);
  expect(result.list?.map(([openTime]) => Number(openTime))).toEqual([end, end - MINUTE, end - 2 * MINUTE]);
  expect(result.list?.every((row) => row.length === 7)).toBe(true);
});

it('says what is wrong in a 200', async () => {
  await using exchange = await startFakeExchange();
  const codes = await Promise.all(
    ['symbol=NONE&interval=1', 'symbol=BTCUSDT&interval=480', 'symbol=BTCUSDT&interval=1&limit=1001'].map(
      async (query) => (await read(exchange, `kline?category=linear&${query}`)).retCode,
    ),
  );
  expect(codes).toEqual([10001, 10001, 10001]);
  expect((await read(exchange, 'nothing')).retCode).toBe(10017);
});

it('lists futures by status and in pages, spot all at once', async () => {
  const symbols = { 'bybit-linear': ['A', 'B', 'C', { symbol: 'D', status: 'Closed' }] } as const;
  await using exchange = await startFakeExchange({ symbols });
  const first = await read(exchange, 'instruments-info?category=linear&limit=2');
  expect([first.result.list?.length, first.result.nextPageCursor]).toEqual([2, '0%2C2']);
  const second = await read(exchange, 'instruments-info?category=linear&limit=2&cursor=0%2C2');
  expect([second.result.list?.length, second.result.nextPageCursor]).toEqual([1, '']);
  const closed = await read(exchange, 'instruments-info?category=linear&status=Closed');
  expect(closed.result.list).toMatchObject([{ symbol: 'D', status: 'Closed' }]);
  expect((await read(exchange, 'instruments-info?category=spot')).result).not.toHaveProperty('nextPageCursor');
});

it('has bodies that no client should trust, of candles and of symbols', async () => {
  await using exchange = await startFakeExchange();
  exchange.faults.rest.badBody('null prices');
  const { result } = await read(exchange, 'kline?category=linear&symbol=BTCUSDT&interval=1&limit=2');
  expect(result.list?.map((row) => row[4])).toEqual([null, null]);
  expect((await ask(exchange, 'instruments-info?category=linear')).body).toBe('{}');
});

it('bans an address for ten minutes that asks more than 600 times in five seconds', async () => {
  // Its clock stands still, so that all come at once.
  await using exchange = await startFakeExchange({ weightLimit: 3, driftPpm: -1_000_000 });
  const answers = [];
  for (let index = 0; index < 4; index++) answers.push(await ask(exchange, 'time'));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 403]);
  exchange.clock.jump(599_000);
  expect(await ask(exchange, 'time')).toMatchObject({ status: 403, body: expect.stringContaining('access too frequent') as string }); // prettier-ignore
  exchange.clock.jump(2000);
  expect(await ask(exchange, 'time')).toMatchObject({ status: 200 });
});
