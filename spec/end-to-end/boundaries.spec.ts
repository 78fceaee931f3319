import { merge, toArray, take, lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Interval } from 'rx-candles';
import { expectWhole, midSecond, PATIENT, rig } from './rig.ts';

/**
 * Shortly before a boundary of five minutes, so that both lengths close at once, and 1m again a minute later; long
 * enough to be there when it comes, also on a busy machine.
 */
const BEFORE_FIVE_MINUTES = Date.UTC(2026, 10, 22, 11, 59, 48);

describe.concurrent('over real minute boundaries', () => {
  it('delivers 1m and 5m series of USD-M, however their symbols are written, and a minute later the next', async () => {
    await using r = await rig({ venue: 'binance-usdm', exchange: { startAt: BEFORE_FIVE_MINUTES }, feed: PATIENT });
    const written = [
      ['BTCUSDT', 'BTCUSDT'],
      ['ethusdt', 'ETHUSDT'],
      ['SOL/USDT:USDT', 'SOLUSDT'],
      ['币安人生USDT', '币安人生USDT'],
    ] as const;
    const lengths: readonly Interval[] = ['1m', '5m'];
    const heard = written.flatMap(([name, symbol]) =>
      lengths.map((interval) => ({ series: { symbol, interval }, heard: r.listen(name, interval) })),
    );
    await Promise.all(heard.map(({ series, heard: one }) => one.count(series.interval === '1m' ? 2 : 1, 100_000)));
    for (const { series, heard: one } of heard) {
      expect(one.candles.slice(0, 2).map(({ timestamp }) => timestamp)).toEqual(
        series.interval === '1m'
          ? [Date.UTC(2026, 10, 22, 11, 59), Date.UTC(2026, 10, 22, 12, 0)]
          : [Date.UTC(2026, 10, 22, 11, 55)],
      );
      expectWhole(one.candles, r.exchange, series);
    }
    const seen = r.of('CANDLE_CLOSED').map(({ symbol, interval }) => `${symbol} ${interval}`);
    expect(seen.length).toBe(4 * 3);
    expect(r.exchange.stats).toMatchObject({ connections: 1, subscribes: 1, limitBreaks: [] });
    expect(heard.every(({ heard: one }) => one.candles.slice(1).every(({ source }) => source === 'stream'))).toBe(true);
  });

  it('delivers COIN-M, in contracts', async () => {
    const venue = 'binance-coinm';
    await using r = await rig({ venue, exchange: { startAt: BEFORE_FIVE_MINUTES } });
    const both = [r.listen('btcusd_perp', '1m'), r.listen('ETH/USD:ETH', '5m')];
    await Promise.all(both.map((one) => one.count(1)));
    expectWhole(both[0]?.candles ?? [], r.exchange, { venue, symbol: 'BTCUSD_PERP', interval: '1m' });
    expectWhole(both[1]?.candles ?? [], r.exchange, { venue, symbol: 'ETHUSD_PERP', interval: '5m' });
    expect(Number.isInteger(both[0]?.candles[0]?.volume)).toBe(true);
  });

  it('closes every length of spot at the end of a month, weeks and the 3d grid of each symbol included', async () => {
    const venue = 'binance-spot';
    // A Sunday, the last of its month; the 3d candles of a symbol listed 30 days earlier close too.
    const startAt = Date.UTC(2026, 4, 31, 23, 59, 48);
    const listed = Date.UTC(2026, 4, 2);
    await using r = await rig({ venue, exchange: { startAt, symbols: { [venue]: [{ symbol: 'BTCUSDT', listed }] } } });
    const lengths = [
      '1m',
      '3m',
      '5m',
      '15m',
      '30m',
      '1h',
      '2h',
      '4h',
      '6h',
      '8h',
      '12h',
      '1d',
      '3d',
      '1w',
      '1M',
    ] as const;
    const each = lengths.map((interval) => r.feed.closedCandles$('BTCUSDT', interval).pipe(take(1)));
    const candles = await lastValueFrom(merge(...each).pipe(toArray()));
    expect(candles.map(({ closeTime }) => closeTime)).toEqual(lengths.map(() => Date.UTC(2026, 5, 1) - 1));
    for (const candle of candles) {
      expectWhole([candle], r.exchange, { venue, symbol: 'BTCUSDT', interval: candle.interval });
    }
  });

  it('follows the clock of the exchange, not ours', async () => {
    const [ahead, behind] = await Promise.all(
      [90_000, -90_000].map((clockOffsetMs) => rig({ exchange: { clockOffsetMs } })),
    );
    for (const r of [ahead, behind]) {
      if (r === undefined) throw new Error('no rig');
      await using one = r;
      await midSecond(one.exchange);
      const runningAtSubscribe = one.exchange.openTimeNow({ venue: one.venue, symbol: 'BTCUSDT', interval: '1s' });
      const heard = one.listen('BTCUSDT', '1s');
      await heard.count(2);
      expect(heard.candles[0]?.timestamp).toBe(runningAtSubscribe);
      expectWhole(heard.candles, one.exchange, { venue: one.venue, symbol: 'BTCUSDT', interval: '1s' });
    }
  });
});
