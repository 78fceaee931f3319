import { expect, it } from 'vitest';
import { EventType, createFeed, nextOpenTime, type Candle, type RowRejected } from '../../../src/index.ts';
import { sameCandle, startFakeExchange } from '../../../src/testing/index.ts';

const MINUTE = 60_000;
const NOON = Date.UTC(2026, 10, 24, 12);

it('the fake exchange has candles that are cut short, overlap, lie off the grid, or are none', async () => {
  await using exchange = await startFakeExchange({ startAt: NOON + 5000 });
  const of = { venue: 'binance-usdm', symbol: 'BTCUSDT', interval: '1m' } as const;
  const openTime = (minute: number) => NOON - minute * MINUTE;
  const { market } = exchange.faults;
  market.oddCandle({ ...of, openTime: openTime(90), closeTime: openTime(89) + 998 });
  market.oddCandle({ ...of, openTime: openTime(80), opensAt: openTime(80) + 20_000 });
  market.oddCandle({ ...of, openTime: openTime(70), closeTime: openTime(70) + 19_999 });
  market.oddCandle({ ...of, openTime: openTime(65), values: { volume: '-1' } });
  await using feed = createFeed({
    venue: 'binance-usdm',
    endpoints: exchange.endpoints('binance-usdm'),
    logLevel: 'silent',
  });
  const rejected: RowRejected[] = [];
  feed.bus.on(EventType.ROW_REJECTED).subscribe((event) => rejected.push(event));
  const candles = await new Promise<Candle[]>((resolve, reject) => {
    const seen: Candle[] = [];
    feed.closedCandles$('BTCUSDT', '1m', { history: 100 }).subscribe({
      next: (candle) => {
        seen.push(candle);
        if (seen.length === 100) resolve(seen);
      },
      error: reject,
    });
  });
  const at = (time: number) => candles.find(({ timestamp }) => timestamp === time);
  expect(at(openTime(90))?.closeTime).toBe(openTime(89) + 998);
  expect(at(openTime(89))).toBeDefined();
  expect(at(openTime(80) + 20_000)?.closeTime).toBe(openTime(79) - 1);
  expect(at(openTime(70))?.closeTime).toBe(openTime(70) + 19_999);
  expect(at(nextOpenTime(openTime(70), '1m'))).toBeDefined();
  expect(at(openTime(65))).toBeUndefined();
  expect(rejected).toMatchObject([{ timestamp: openTime(65), reason: 'a volume is negative' }]);
  const truth = exchange.candleAt(of, openTime(90));
  expect(truth !== undefined && sameCandle(truth, at(openTime(90)) ?? truth)).toBe(true);
});
