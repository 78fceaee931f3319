import { firstValueFrom, merge, take, tap, timeout, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  EventType,
  UnknownSymbolError,
  createFeed,
  loadConfig,
  nextOpenTime,
  type Candle,
  type Feed,
  type VenueId,
} from 'rx-candles';

/**
 * The exchange's test network, with the keys of `.env` where there are any. Never part of `npm test`:
 * `RUN_LIVE=1 npx vitest run --config spec/vitest.config.ts spec/live`
 */
const LIVE = process.env['RUN_LIVE'] === '1';
if (!LIVE) console.warn('the specs on the test network are skipped; RUN_LIVE=1 runs them');

const MARKETS: readonly (readonly [VenueId, string, string])[] = [
  ['binance-usdm', 'BTCUSDT', 'ETHUSDT'],
  ['binance-coinm', 'BTCUSD_PERP', 'ETHUSD_PERP'],
  ['binance-spot', 'BTCUSDT', 'ETHUSDT'],
  ['okx', 'BTC-USDT', 'BTC-USDT-SWAP'],
  ['bybit-spot', 'BTCUSDT', 'ETHUSDT'],
  ['bybit-linear', 'BTCUSDT', 'ETHUSDT'],
  ['bybit-inverse', 'BTCUSD', 'ETHUSD'],
  ['gate-spot', 'BTC_USDT', 'ETH_USDT'],
];
const THREE_MINUTES = 180_000;

async function openFeed(venue: VenueId): Promise<Feed> {
  const { credentials } = await loadConfig();
  return createFeed({ venue, testnet: true, logLevel: 'warn', ...(credentials !== undefined && { credentials }) });
}

function expectWhole(candles: readonly Candle[]): void {
  for (const [index, candle] of candles.entries()) {
    const { open, high, low, close, volume } = candle;
    expect(candle.closeTime).toBe(nextOpenTime(candle.timestamp, candle.interval) - 1);
    expect([open, high, low, close, volume].every(Number.isFinite)).toBe(true);
    expect(high).toBeGreaterThanOrEqual(Math.max(open, close));
    expect(low).toBeLessThanOrEqual(Math.min(open, close));
    const previous = candles[index - 1];
    if (previous !== undefined) expect(candle.timestamp).toBe(nextOpenTime(previous.timestamp, candle.interval));
  }
}

describe.skipIf(!LIVE).concurrent.each(MARKETS)('the test network of %s', (venue, btc, eth) => {
  it('is reached: clock, stream and history', async () => {
    await using feed = await openFeed(venue);
    const connected = firstValueFrom(feed.bus.on(EventType.CONNECTED).pipe(timeout(20_000)));
    const past$ = feed.closedCandles$(btc, '1m', { history: 1200 });
    const candles = await firstValueFrom(past$.pipe(take(1200), toArray(), timeout(60_000)));
    expectWhole(candles);
    expect(candles.every(({ source }) => source === 'history')).toBe(true);
    expect((await connected).url).toMatch(/^wss:/);
    const status = await firstValueFrom(feed.status$);
    expect(Math.abs(status.clockOffsetMs ?? Infinity)).toBeLessThan(60_000);
  }, 90_000);

  it(
    'closes candles that REST confirms later, field by field',
    async () => {
      await using feed = await openFeed(venue);
      const live$ = merge(feed.closedCandles$(btc, '1m'), feed.closedCandles$(eth, '1m'));
      const live = await firstValueFrom(live$.pipe(take(4), toArray(), timeout(THREE_MINUTES)));
      for (const symbol of [btc, eth]) {
        const heard = live.filter((candle) => candle.symbol === symbol);
        if (heard[0] === undefined) continue;
        expectWhole(heard);
        const since = heard[0].timestamp - 60_000;
        const read$ = feed.closedCandles$(symbol, '1m', { since }).pipe(take(heard.length), toArray(), timeout(30_000));
        const withoutSource = ({ source: _, ...rest }: Candle): Omit<Candle, 'source'> => rest;
        expect((await firstValueFrom(read$)).map(withoutSource)).toEqual(heard.map(withoutSource));
      }
    },
    THREE_MINUTES + 60_000,
  );

  it(
    'goes on over a connection that is replaced',
    async () => {
      const { credentials } = await loadConfig();
      const options = {
        venue,
        testnet: true,
        rotateAfterMs: 30_000,
        ...(credentials !== undefined && { credentials }),
      };
      await using feed = createFeed(options);
      const reasons: string[] = [];
      feed.bus.on(EventType.DISCONNECTED).subscribe(({ reason }) => reasons.push(reason));
      const candles: Candle[] = [];
      const live$ = feed.closedCandles$(btc, '1m').pipe(tap((candle) => candles.push(candle)));
      await firstValueFrom(live$.pipe(take(2), toArray(), timeout(THREE_MINUTES)));
      expect(reasons).toContain('rotation');
      expectWhole(candles);
    },
    THREE_MINUTES + 30_000,
  );

  it('does not know every name', async () => {
    await using feed = await openFeed(venue);
    const unknown$ = feed.closedCandles$('NOSUCHSYMBOL', '1m').pipe(timeout(30_000));
    await expect(firstValueFrom(unknown$)).rejects.toBeInstanceOf(UnknownSymbolError);
  }, 60_000);
});
