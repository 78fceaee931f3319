import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startFakeExchange } from '../../../../src/testing/index.ts';
import { rewritten } from '../../../../src/testing/dialects/gate/rewrite.ts';
import { until } from '../../../support/until.ts';

const GATE = { venues: ['gate-spot'] } as const;

it('refuses what the documents forbid', async () => {
  await using exchange = await startFakeExchange({ ...GATE, startAt: Date.UTC(2026, 10, 22, 12, 0, 20) });
  const now = Math.floor(exchange.now() / 1000);
  const ask = async (query: string): Promise<[number, string]> => {
    const answer = await fetch(`${exchange.endpoints().rest}/api/v4/spot/candlesticks?${query}`);
    return [answer.status, await answer.text()];
  };
  const pair = 'currency_pair=BTC_USDT&interval=1m';
  const [good, both, old, broad, none] = await Promise.all([
    ask(`${pair}&from=${String(now - 120)}&to=${String(now)}`),
    ask(`${pair}&from=${String(now - 120)}&limit=3`),
    ask(`${pair}&from=${String(now - 60 * 10_100)}&to=${String(now - 60 * 10_050)}`),
    ask(`${pair}&from=${String(now - 60 * 1001)}&to=${String(now)}`),
    ask('currency_pair=NONE_USDT&interval=1m'),
  ]);
  expect((JSON.parse(good[1]) as string[][]).map((row) => row.length)).toEqual([8, 8]);
  expect([both[0], old[0], broad[0], none[0]]).toEqual([400, 400, 400, 400]);
  expect([old[1], broad[1], none[1]].join()).toMatch(/too long ago.*too broad.*INVALID_CURRENCY_PAIR/);
});

it('refuses a request that is a minute old, and takes one that is not', async () => {
  await using exchange = await startFakeExchange(GATE);
  const now = Math.floor(exchange.now() / 1000);
  const socket = new WebSocket(`${exchange.endpoints().stream}/`);
  await new Promise((resolve) => socket.once('open', resolve));
  const said: { id: number; error: unknown }[] = [];
  socket.on('message', (data: Buffer) => said.push(JSON.parse(data.toString()) as { id: number; error: unknown }));
  for (const [id, time] of [
    [1, now - 100],
    [2, now],
  ] as const)
    // prettier-ignore
    socket.send(JSON.stringify({ time, id, channel: 'spot.candlesticks', event: 'subscribe', payload: ['1m', 'BTC_USDT'] }));
  await until(() => said.length >= 2);
  socket.terminate();
  expect(said.slice(0, 2).map(({ id, error }) => [id, error === null])).toEqual([[1, false], [2, true]]); // prettier-ignore
});

it.each(['no B', 'extra fields', 'spaced', 'shuffled'] as const)('writes a frame otherwise, and as true: %s', (how) => {
  const text = '{"time":1,"time_ms":1000,"channel":"c","event":"update","result":{"t":"60","c":"2","o":"1","w":true}}';
  expect(rewritten(text, how)).not.toBe(text);
  expect(JSON.parse(rewritten(text, how))).toMatchObject({
    event: 'update',
    result: { t: '60', c: '2', o: '1', w: true },
  });
});
