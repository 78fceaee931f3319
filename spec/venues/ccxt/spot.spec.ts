import { expect, it } from 'vitest';
import { lastValueFrom, take, toArray } from 'rxjs';
import { createFeed, type VenueId } from 'rx-candles';
import { startFakeExchange } from 'rx-candles/testing';

const MINUTE = 60_000;
const UNTOLD = { quoteVolume: null, trades: null, takerBuyVolume: null, takerBuyQuoteVolume: null };
const BINANCE: readonly VenueId[] = ['binance-spot', 'binance-usdm', 'binance-coinm'];
const BYBIT: readonly VenueId[] = ['bybit-spot', 'bybit-linear', 'bybit-inverse'];

it.concurrent.each<[VenueId, string, readonly VenueId[], string, string]>([
  ['ccxt:binance', 'BTC/USDT', BINANCE, '/spot', 'BTCUSDT'],
  ['ccxt:bybit', 'BTC/USDT', BYBIT, '', 'BTCUSDT'],
  ['ccxt:bybit', 'BTC/USDT:USDT', ['bybit-linear', 'bybit-spot', 'bybit-inverse'], '', 'BTCUSDT'],
  ['ccxt:gate', 'BTC/USDT', ['gate-spot'], '', 'BTC_USDT'],
])('%s has the same candles of %s as the exchange, through a lost connection', async (venue, symbol, venues, path, own) => {
  const now = Date.now();
  await using exchange = await startFakeExchange({ venues, startAt: now - (now % MINUTE) + MINUTE - 5000 });
  const { rest, stream } = exchange.endpoints();
  const endpoints = { rest, stream: new URL(stream).origin + path };
  await using feed = createFeed({ venue, endpoints, logLevel: 'silent', reconnect: { initialDelayMs: 50 } });
  let drops = 0;
  feed.bus.on('CONNECTED').subscribe(() => {
    if (drops++ === 0) exchange.faults.stream.drop();
  });
  const candles = await lastValueFrom(feed.closedCandles$(symbol, '1m', { history: 2 }).pipe(take(3), toArray()));
  const from = candles[0]?.timestamp ?? 0;
  const truth = exchange.candles({ symbol: own, interval: '1m' }, from, from + 3 * MINUTE);
  expect(candles).toEqual(
    truth.map((candle, at) => ({ ...candle, ...UNTOLD, venue, symbol, source: at < 2 ? 'history' : 'backfill' })),
  );
  expect(exchange.stats.limitBreaks).toEqual([]);
}); // prettier-ignore
