import { describe, expect, it } from 'vitest';
import type { Candle } from 'rx-candles';
import { VENUES } from '../../src/venues/registry.ts';
import { HAS_RECORDINGS } from '../support/recordings.ts';
import { sessionOf } from '../venues/bybit/recordings.ts';
import { rig, statusOf, until } from './rig.ts';

const MINUTE = 60_000;
/** 2026-08-09T21:27:00Z: both recorded sessions hold the end of the minute before. */
const RECORDED_CLOSE = 1_786_310_820_000;
const LINEAR = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'DOGEUSDT'];

describe.skipIf(!HAS_RECORDINGS)('a recorded session of Bybit', () => {
  it.each([
    ['bybit-linear', LINEAR, 2],
    ['bybit-spot', ['BTCUSDT', 'ETHUSDT'], 1],
  ] as const)('of %s comes out as exactly its closed candles', async (venue, symbols, closes) => {
    await using r = await rig({
      venue,
      exchange: { venues: [venue], publish: false, startAt: RECORDED_CLOSE - 2000, symbols: { [venue]: symbols } },
    });
    // The fake's own candles are others than the recorded ones: only the stream has those.
    r.exchange.faults.rest.fail(503, { match: ({ kind }) => kind === 'klines' });
    const candles: Candle[] = [];
    for (const symbol of symbols) r.feed.closedCandles$(symbol, '1m').subscribe((candle) => candles.push(candle));
    await until(
      () => statusOf(r.feed).clockOffsetMs !== null && r.exchange.stats.subscribes === symbols.length,
      'topics',
    );
    const recorded = sessionOf(venue);
    await r.exchange.playFrames([...recorded, 'the end']);
    await until(() => r.of('FRAME_REJECTED').length > 0, 'the end of the recording');
    const told = recorded.flatMap((frame) => VENUES[venue].stream.decode(Buffer.from(frame)));
    const final = told.flatMap((one) => (one.kind === 'candle' && one.finality === 'final' ? [one.candle] : []));
    expect(candles).toEqual(final);
    expect(candles).toHaveLength(closes);
    expect(r.of('FRAME_REJECTED').map(({ excerpt }) => excerpt)).toEqual(['the end']);
    expect(statusOf(r.feed).framesDecodedInFull).toBe(0);
  });
});

it('a topic that Bybit refuses costs neither the other topics nor its own series its candles', async () => {
  const venue = 'bybit-linear';
  await using r = await rig({
    venue,
    exchange: { venues: [venue], startAt: Math.ceil(Date.now() / MINUTE) * MINUTE - 2000 },
    feed: { graceMs: 1500, settleMs: 200 },
  });
  const refused = { match: ({ params }: { readonly params: readonly string[] }) => params.includes('kline.1.ETHUSDT') };
  r.exchange.faults.stream.rejectRequests(0, 'words that nobody has seen', refused);
  const [btc, eth] = [r.listen('BTC/USDT:USDT', '1m'), r.listen('ethusdt', '1m')];
  await Promise.all([btc.fromStream(), eth.count(1)]);
  expect(new Set(eth.candles.map(({ source }) => source))).toEqual(new Set(['backfill']));
  expect(r.of('FRAME_REJECTED').map(({ reason }) => reason)).toEqual(['refused kline.1.ETHUSDT: words that nobody has seen']); // prettier-ignore
  expect([r.exchange.stats.connectionsEver, r.exchange.stats.limitBreaks]).toEqual([1, []]);
});

it('a contract that has closed delivers its last candles and completes, and one never listed is unknown', async () => {
  const venue = 'bybit-inverse';
  const ended = Date.UTC(2026, 8, 25, 8);
  const closed = { symbol: 'BTCUSDU26', status: 'Closed', ended, deliveryDate: ended };
  await using r = await rig({
    venue,
    exchange: { venues: [venue], startAt: Date.UTC(2026, 10, 1), symbols: { [venue]: ['BTCUSD', closed] } },
  });
  const [past, unknown] = [r.listen('BTC/USD:BTC-260925', '1m', { history: 3 }), r.listen('BTCUSDT', '1m')];
  await Promise.all([past.ended(), unknown.ended()]);
  expect(past.error).toBeUndefined();
  expect(past.candles.map(({ timestamp }) => timestamp)).toEqual([3, 2, 1].map((minutes) => ended - minutes * MINUTE));
  expect(unknown.error).toMatchObject({ code: 'FEED_UNKNOWN_SYMBOL', message: expect.stringContaining('bybit-linear') as string }); // prettier-ignore
});
