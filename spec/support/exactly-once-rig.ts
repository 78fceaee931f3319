import { startSeries, type SeriesOutput } from '../../src/core/series-state.ts';
import { candleReader } from '../../src/feed/rest/series-reader.ts';
import type { ExactlyOnceOptions } from '../../src/feed/series/exactly-once.ts';
import { SeriesCommands } from '../../src/feed/series/series-commands.ts';
import { TimerQueue } from '../../src/feed/series/timer-queue.ts';
import { binanceUsdm } from '../../src/venues/binance/usdm.ts';
import { clockOf, FakeMarket } from './fake-market.ts';
import { RULES } from './series.ts';
import { VirtualClock } from './virtual-clock.ts';

/** What `exactlyOnce` needs, over a fake market at half of minute 1000; `minute` is where it begins, if it begins at once. */
export function exactlyOnceRig(minute?: number) {
  const clock = new VirtualClock();
  const market = new FakeMarket(clock);
  const exchange = clockOf(market, clock);
  exchange.ask();
  clock.advance(100);
  const commands = new SeriesCommands();
  const reports: SeriesOutput[] = [];
  const reader = candleReader('BTCUSDT', '1m', {
    klines$: (request) => market.klines$(request),
    clock: exchange,
    limits: binanceUsdm.rest.paging,
    scheduler: clock,
  });
  const timers = new TimerQueue(clock, () => exchange.now());
  const machine: ExactlyOnceOptions = {
    ...(minute !== undefined && { start: startSeries(RULES, minute * 60_000) }),
    enter: (one) => commands.add(one),
    leave: (one) => commands.remove(one),
    shared: { clock: exchange, timers, restUrl: 'https://example.test' },
    reader,
    endOf: ({ until }) => until,
    report: (output) => reports.push(output),
  };
  return { clock, market, commands, reports, machine };
}
