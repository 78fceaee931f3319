import { describe, expect, it } from 'vitest';
import { startFakeExchange, type FakeExchange, type FakeExchangeOptions } from '../../../../src/testing/index.ts';
import { connect, get, type FakeClient } from '../../../support/fake-client.ts';
import { until } from '../../../support/until.ts';

const NOW = Date.UTC(2026, 10, 26, 12, 0, 30);
const MINUTE = 60_000;
/** A drift at which the exchange's clock stands still. */
const STOPPED = -1_000_000;
const THIS_MINUTE = NOW - 30_000;

const started = (options: FakeExchangeOptions = {}): Promise<FakeExchange> =>
  startFakeExchange({ venues: ['okx'], startAt: NOW, ...options });

const joined = (exchange: FakeExchange): Promise<FakeClient> => connect(exchange, '/ws/v5/business', 'okx');
const arg = (channel: string, instId: string) => ({ channel, instId });
const BTC = arg('candle1m', 'BTC-USDT');

describe('the stream', () => {
  it('acknowledges each topic and refuses each by itself', async () => {
    await using exchange = await started();
    const client = await joined(exchange);
    const args = [BTC, arg('candle1m', 'NOPE-USDT'), arg('candle1Dutc', 'BTC-USDT-SWAP'), arg('candle7m', 'BTC-USDT')];
    client.ws.send(JSON.stringify({ id: '1512', op: 'subscribe', args }));
    await until(() => client.messages.filter(({ event }) => event !== undefined).length === 4);
    const acks = client.messages.filter(({ event }) => event === 'subscribe');
    expect(acks).toEqual([args[0], args[2]].map((one) => ({ id: '1512', event: 'subscribe', arg: one, connId: 'a4d3ae55' }))); // prettier-ignore
    const errors = client.messages.filter(({ event }) => event === 'error');
    expect(errors.map(({ code, msg }) => `${String(code)} ${String(msg)}`)).toEqual([
      expect.stringContaining("60018 Wrong URL or channel:candle1m,instId:NOPE-USDT doesn't exist."),
      expect.stringContaining("60018 Wrong URL or channel:candle7m,instId:BTC-USDT doesn't exist."),
    ]);
    expect(exchange.stats.topics).toBe(2);
  });

  it('answers ping in words, and quotes what it cannot read', async () => {
    await using exchange = await started();
    const client = await joined(exchange);
    client.ws.send('ping');
    client.ws.send('{"op":"dance"}');
    await until(() => client.texts.length === 2);
    expect(client.texts[0]).toBe('pong');
    expect(JSON.parse(client.texts[1] ?? '')).toMatchObject({ code: '60012', msg: 'Invalid request: {"op":"dance"}' });
  });

  it('closes a connection that carries nothing, and none that pings', async () => {
    await using exchange = await started({ quietMs: 4000 });
    const [quiet, lively] = [await joined(exchange), await joined(exchange)];
    const pings = setInterval(() => { lively.ws.send('ping'); }, 100); // prettier-ignore
    expect(await quiet.closed).toEqual({ code: 4004, reason: 'No data received in 30s' });
    expect(lively.ws.readyState).toBe(lively.ws.OPEN);
    clearInterval(pings);
  });

  it('allows 480 requests an hour, pings aside, and three connections a second', async () => {
    await using exchange = await started();
    const client = await joined(exchange);
    for (let n = 0; n < 500; n++) client.ws.send('ping');
    for (let n = 0; n < 481; n++) client.ws.send(JSON.stringify({ op: 'unsubscribe', args: [BTC] }));
    await until(() => client.texts.length === 500 + 481);
    expect(client.messagesInJson.filter(({ code }) => code === '60014')).toHaveLength(1);
    await using other = await started();
    const joining = await Promise.allSettled(Array.from({ length: 4 }, () => joined(other)));
    const refused = joining.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []));
    expect(refused).toEqual([expect.stringContaining('429')]);
    const limits = [exchange, other].map(({ stats }) => stats.limitBreaks.map(({ limit }) => limit));
    expect(limits).toEqual([['messages'], ['attempts']]);
  });

  it('writes a row as it was recorded: contracts, base and quote asset, and confirm', async () => {
    await using exchange = await started({ startAt: NOW + 29_000 });
    const client = await joined(exchange);
    client.ws.send(JSON.stringify({ op: 'subscribe', args: [arg('candle1m', 'BTC-USDT-SWAP')] }));
    await until(() => client.texts.some((text) => text.endsWith('"1"]]}')));
    const close = JSON.parse(client.texts.find((text) => text.endsWith('"1"]]}')) ?? '') as { data: string[][] };
    const [row = []] = close.data;
    expect(row).toHaveLength(9);
    const candle = exchange.candleAt({ symbol: 'BTC-USDT-SWAP', interval: '1m' }, Number(row[0]));
    expect([Number(row[5]) / 100, Number(row[6])].map((base) => base.toFixed(3))).toEqual(
      [candle?.volume.toFixed(3), candle?.volume.toFixed(3)],
    ); // prettier-ignore
    expect([Number(row[7]), candle?.trades]).toEqual([candle?.quoteVolume, null]);
  });
});

describe('REST', () => {
  const rows = async (exchange: FakeExchange, path: string): Promise<string[][]> => {
    const { json } = await get(exchange, path);
    return (json as { data: string[][] }).data;
  };
  const opens = (list: readonly string[][]): number[] => list.map(([openTime]) => Number(openTime));

  it('answers newest first, both ends exclusive, the running candle with confirm 0', async () => {
    await using exchange = await started();
    const [after, before] = [THIS_MINUTE + 1, THIS_MINUTE - 3 * MINUTE];
    const list = await rows(exchange, `/api/v5/market/candles?instId=BTC-USDT&after=${String(after)}&before=${String(before)}`); // prettier-ignore
    expect(opens(list)).toEqual([0, 1, 2].map((minute) => THIS_MINUTE - minute * MINUTE));
    expect(list.map((row) => row[8])).toEqual(['0', '1', '1']);
  });

  it('has the newest 1,440 on one path, and all that have closed on the other', async () => {
    await using exchange = await started();
    const before = THIS_MINUTE - 1445 * MINUTE;
    const query = `instId=BTC-USDT&bar=1m&limit=300&before=${String(before)}&after=${String(before + 10 * MINUTE)}`;
    expect(await rows(exchange, `/api/v5/market/candles?${query}`)).toHaveLength(4);
    expect(await rows(exchange, `/api/v5/market/history-candles?${query}`)).toHaveLength(9);
    const [newest] = await rows(exchange, '/api/v5/market/history-candles?instId=BTC-USDT&limit=1');
    expect(Number(newest?.[0])).toBe(THIS_MINUTE - MINUTE);
  });

  it.each([
    ['/api/v5/market/candles?instId=NOPE', 200, '51001'],
    ['/api/v5/market/candles?instId=BTC-USDT&bar=1d', 200, '51000'],
    ['/api/v5/market/candles?instId=BTC-USDT&bar=1s', 200, '51000'],
    ['/api/v5/market/candles?instId=BTC-USDT&limit=301', 200, '51000'],
    ['/api/v5/public/nothing', 404, '404'],
  ])('refuses %s with HTTP %i and code %s', async (path, status, code) => {
    await using exchange = await started();
    expect(await get(exchange, path)).toMatchObject({ status, json: { code } });
  });

  it('counts each path by itself over two seconds', async () => {
    await using exchange = await started({ driftPpm: STOPPED });
    const times = await Promise.all(Array.from({ length: 11 }, () => get(exchange, '/api/v5/public/time')));
    expect(times.filter(({ status }) => status === 429).map(({ json }) => (json as { code: string }).code)).toEqual(['50011']); // prettier-ignore
    expect((await get(exchange, '/api/v5/public/instruments?instType=SWAP')).status).toBe(200);
    exchange.clock.jump(2001);
    expect((await get(exchange, '/api/v5/public/time')).status).toBe(200);
  });

  it('lists instruments by type', async () => {
    await using exchange = await started();
    const listed = async (type: string) =>
      ((await get(exchange, `/api/v5/public/instruments?instType=${type}`)).json as { data: object[] }).data;
    expect(await listed('SPOT')).toEqual(expect.arrayContaining([expect.objectContaining({ instId: 'BTC-USDT', baseCcy: 'BTC', state: 'live', expTime: '' })])); // prettier-ignore
    expect(await listed('SWAP')).toEqual(expect.arrayContaining([expect.objectContaining({ instId: 'BTC-USD-SWAP', uly: 'BTC-USD', settleCcy: 'BTC' })])); // prettier-ignore
    expect(await listed('FUTURES')).toEqual([expect.objectContaining({ instId: 'BTC-USDT-291228', expTime: String(Date.UTC(2029, 11, 28, 8)) })]); // prettier-ignore
  });
});
