import { describe, expect, it } from 'vitest';
import { ANOTHER_MINUTE_MS, expectWhole, rig, until } from './rig.ts';

const MINUTE = 60_000;
const GATE = { venue: 'gate-spot' } as const;
const seriesOf = (symbol: string) => ({ ...GATE, symbol, interval: '1m' }) as const;
/** A fake exchange shortly before a minute. */
const beforeMinute = (ms = 3000) => ({ venues: [GATE.venue], startAt: Math.ceil(Date.now() / MINUTE) * MINUTE - ms });

describe.concurrent('gate-spot', () => {
  it('delivers a close of the stream after as much of the past as is kept, and no request breaks a rule', async () => {
    await using r = await rig({ ...GATE, exchange: beforeMinute(4000) });
    const heard = r.listen('BTC/USDT', '1m', { history: 2000 });
    await heard.count(2000);
    await heard.fromStream();
    expectWhole(heard.candles, r.exchange, seriesOf('BTC_USDT'));
    expect(r.exchange.stats.limitBreaks).toEqual([]);
    expect(r.of('CANDLE_MISSING')).toEqual([]);
  });

  it('goes on with what is kept where `since` lies before it', async () => {
    await using r = await rig({ ...GATE, exchange: beforeMinute(45_000) });
    const since = r.exchange.now() - 12_000 * MINUTE;
    const heard = r.listen('ETH_USDT', '1m', { since });
    await heard.count(9800);
    expectWhole(heard.candles, r.exchange, seriesOf('ETH_USDT'));
    const first = heard.candles[0]?.timestamp ?? 0;
    expect(r.exchange.now() - first).toBeLessThan(10_000 * MINUTE);
    const from = Math.ceil(since / MINUTE) * MINUTE;
    expect(r.of('HISTORY_TRUNCATED')).toMatchObject([{ symbol: 'ETH_USDT', from, to: first - MINUTE }]);
    expect(r.of('CANDLE_MISSING')).toEqual([]);
  });

  it('fetches a close that the stream never marks as one', async () => {
    await using r = await rig({ ...GATE, exchange: beforeMinute(), feed: { graceMs: 2500, settleMs: 200 } });
    let lost = NaN;
    r.exchange.faults.stream.loseCloses({ next: 1, match: ({ openTime }) => ((lost = openTime), true) });
    const heard = r.listen('BTC_USDT', '1m');
    const fetched = () => heard.candles.find(({ timestamp }) => timestamp === lost);
    await until(() => fetched() !== undefined, 'the close that was lost', ANOTHER_MINUTE_MS);
    expect(fetched()?.source).toBe('backfill');
    expectWhole(heard.candles, r.exchange, seriesOf('BTC_USDT'));
  });

  it('refuses one topic, which costs neither the connection nor its series a candle', async () => {
    await using r = await rig({ ...GATE, exchange: beforeMinute(), feed: { graceMs: 2500, settleMs: 200 } });
    const isEth = { match: ({ params }: { readonly params: readonly string[] }) => params.includes('1m_ETH_USDT') };
    r.exchange.faults.stream.rejectRequests(2, 'words that nobody has seen', isEth);
    const [btc, eth] = [r.listen('BTC_USDT', '1m'), r.listen('ETH_USDT', '1m')];
    await Promise.all([btc.fromStream(), eth.count(1)]);
    expect(new Set(eth.candles.map(({ source }) => source))).toEqual(new Set(['backfill']));
    const reasons = r.of('FRAME_REJECTED').map(({ reason }) => reason);
    expect(reasons).toEqual([expect.stringContaining('2: words that nobody has seen')]);
    expect(r.of('CONNECTED')).toHaveLength(1);
  });

  it('tells who wrote a symbol as others do what is meant', async () => {
    await using r = await rig(GATE);
    const heard = r.listen('BTCUSDT', '1m');
    await until(() => heard.error !== undefined, 'an error');
    expect(String(heard.error)).toContain('did you mean BTC_USDT?');
  });
});
