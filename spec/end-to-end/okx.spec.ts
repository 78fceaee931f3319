import { describe, expect, it } from 'vitest';
import { PATIENT, expectWhole, rig, until } from './rig.ts';

const seriesOf = (symbol: string) => ({ venue: 'okx', symbol, interval: '1s' }) as const;
const OKX = { venue: 'okx' } as const;

describe.concurrent('okx', () => {
  it('delivers spot and derivatives over one connection, with their past, across a lost connection', async () => {
    await using r = await rig(OKX);
    const symbols = ['BTC-USDT', 'BTC-USDT-SWAP', 'BTC-USD-SWAP'];
    const heard = symbols.map((symbol) => r.listen(symbol, '1s', { history: 400 }));
    await Promise.all(heard.map((one) => one.fromStream()));
    r.exchange.faults.stream.drop();
    await Promise.all(heard.map((one) => one.more(3)));
    for (const [index, symbol] of symbols.entries())
      expectWhole(heard[index]?.candles ?? [], r.exchange, seriesOf(symbol));
    expect(r.exchange.stats.connectionsEver).toBe(2);
    expect(r.of('CANDLE_MISSING').concat()).toEqual([]);
  });

  it('refuses one topic, which costs neither the connection nor any series a candle', async () => {
    await using r = await rig(OKX);
    const btc = r.listen('BTC-USDT', '1s');
    await btc.fromStream();
    const had = btc.candles.length;
    const msg = "Wrong URL or channel:candle1s,instId:ETH-USDT doesn't exist. Please use the correct URL.";
    r.exchange.faults.stream.rejectRequests(60018, msg, {
      match: ({ params }) => params.includes('candle1s:ETH-USDT'),
    });
    const eth = r.listen('ETH-USDT', '1s');
    await Promise.all([btc.more(3), eth.count(2)]);
    expect(r.of('FRAME_REJECTED').map(({ reason }) => reason)).toEqual([`refused candle1s:ETH-USDT: 60018: ${msg}`]);
    expect(new Set(eth.candles.map(({ source }) => source))).toEqual(new Set(['backfill']));
    await until(() => btc.candles.slice(had).some(({ source }) => source === 'stream'), 'a close of the other topic');
    expectWhole(btc.candles, r.exchange, seriesOf('BTC-USDT'));
    expectWhole(eth.candles, r.exchange, seriesOf('ETH-USDT'));
    expect(r.of('CONNECTED')).toHaveLength(1);
  });

  it('is replaced without loss when the exchange says that it will close', async () => {
    await using r = await rig({ ...OKX, feed: PATIENT });
    const heard = r.listen('BTC-USDT', '1s');
    await heard.fromStream();
    r.exchange.faults.stream.shutdown(Infinity);
    await until(() => r.of('DISCONNECTED').length > 0, 'the old connection to be let go');
    await heard.more(2);
    expect(r.of('DISCONNECTED')[0]?.reason).toBe('server shutdown');
    expectWhole(heard.candles, r.exchange, seriesOf('BTC-USDT'));
  });

  it('pings where nothing is said, before the exchange hangs up', async () => {
    await using r = await rig({ ...OKX, exchange: { quietMs: 5000, publish: false } });
    r.listen('BTC-USDT', '1m');
    await until(() => r.exchange.stats.subscribes === 1);
    const since = performance.now();
    await until(() => performance.now() - since > 7000 || r.of('DISCONNECTED').length > 0, 'seven quiet seconds');
    expect(r.of('DISCONNECTED')).toEqual([]);
  });

  it('fetches lost closes from answers that go back in time, and calls none of them missing', async () => {
    await using r = await rig(OKX);
    const heard = r.listen('BTC-USDT', '1s');
    await heard.fromStream();
    r.exchange.faults.rest.goBack(3000, 0.5);
    const lost = r.exchange.faults.stream.loseCloses({ next: 4 });
    const fetched = () => heard.candles.filter(({ source }) => source === 'backfill').length;
    await until(() => lost.hits === 4 && fetched() >= 4, 'four lost closes, fetched');
    expectWhole(heard.candles, r.exchange, seriesOf('BTC-USDT'));
    expect(r.of('CANDLE_MISSING')).toEqual([]);
  });

  it('takes as many connections as it needs, and breaks no limit', async () => {
    const symbols = Array.from({ length: 300 }, (_, index) => `A${String(index)}-USDT`);
    await using r = await rig({ ...OKX, exchange: { symbols: { okx: symbols }, updatesPerSecond: 0 } });
    const heard = symbols.map((symbol) => r.listen(symbol, '1m'));
    await until(() => r.exchange.stats.topics === 300, '300 topics');
    expect([r.exchange.stats.connectionsEver, r.exchange.stats.limitBreaks]).toEqual([2, []]);
    for (const one of heard) one.stop();
  });

  it('tells who wrote a symbol as others do what is meant', async () => {
    await using r = await rig(OKX);
    const heard = r.listen('BTCUSDT', '1m');
    await heard.ended();
    expect(String(heard.error)).toContain('did you mean BTC-USDT or BTC-USDT-SWAP?');
    const future = r.listen('BTC/USDT:USDT-291228', '1m', { history: 2 });
    expect((await future.count(2)).map(({ symbol }) => symbol)).toEqual(['BTC-USDT-291228', 'BTC-USDT-291228']);
  });
});
