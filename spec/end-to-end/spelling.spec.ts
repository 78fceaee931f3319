import { afterEach, describe, expect, it, vi } from 'vitest';
import type { VenueId } from 'rx-candles';
import { PATIENT, expectWhole, rig, statusOf, until } from './rig.ts';

const MINUTE = 60_000;
/** Three seconds before a minute ends. */
const START = Date.UTC(2026, 10, 25, 12, 0, 57);

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the spelling of a market', () => {
  it.each<[VenueId, string]>([
    ['binance-usdm', 'BTCUSDT'],
    ['binance-coinm', 'BTCUSD_PERP'],
    ['binance-spot', 'BTCUSDT'],
  ])('of %s costs no decoding but that of its closes', async (venue, symbol) => {
    await using r = await rig({ venue, exchange: { startAt: START, updatesPerSecond: 20 }, feed: PATIENT });
    const heard = r.listen(symbol, '1m');
    await heard.fromStream();
    const sent = r.exchange.stats.frames;
    await until(() => r.exchange.stats.frames > sent + 20, 'updates of the next candle');
    expect(statusOf(r.feed).framesDecodedInFull).toBe(0);
    expectWhole(heard.candles, r.exchange, { venue, symbol, interval: '1m' });
  });

  it('that nobody has seen yet loses no candle, is counted, and is told once', async () => {
    const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const logged = (): string[] =>
      written.mock.calls.map(([text]) => String(text)).filter((text) => text.includes('decoded'));
    await using r = await rig({
      venue: 'binance-usdm',
      exchange: { startAt: START, updatesPerSecond: 0 },
      feed: { ...PATIENT, logLevel: 'warn' },
    });
    const heard = r.listen('BTCUSDT', '1m');
    await until(() => r.exchange.stats.topics === 1, 'the subscription');
    const openTime = START - (START % MINUTE);
    const k = `"t":${String(openTime)},"T":${String(openTime + MINUTE - 1)},"s":"BTCUSDT","i":"1m","f":1,"L":2,"o":"1","c":"1","h":"1","l":"1","v":"1","n":2`;
    const update = `{"stream":"btcusdt@kline_1m","data":{"e":"kline","E":${String(START)},"s":"BTCUSDT","k":{${k},"new":true,"x":false,"q":"1","V":"1","Q":"1"}}}`;
    for (let count = 0; count < 5; count++) r.exchange.faults.stream.send(update);
    await heard.fromStream();
    // The first of a connection is decoded in any case, for its time.
    expect(statusOf(r.feed).framesDecodedInFull).toBe(4);
    expect(logged()).toHaveLength(1);
    expect(logged()[0]).toContain(JSON.stringify(update));
    expectWhole(heard.candles, r.exchange, { venue: 'binance-usdm', symbol: 'BTCUSDT', interval: '1m' });
  });
});
