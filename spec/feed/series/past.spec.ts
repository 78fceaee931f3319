import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Candle } from '../../../src/core/candle.ts';
import { GeoBlockedError } from '../../../src/core/errors.ts';
import type { SeriesOutput } from '../../../src/core/series-state.ts';
import type { SeriesSignal } from '../../../src/ports/candle-stream.ts';
import { candleReader } from '../../../src/feed/rest/series-reader.ts';
import { TimerQueue } from '../../../src/feed/series/timer-queue.ts';
import { SeriesCommands } from '../../../src/feed/series/series-commands.ts';
import type { PastOptions } from '../../../src/feed/series/past-options.ts';
import { lastCandles$, past$ } from '../../../src/feed/series/past.ts';
import { Waits } from '../../../src/feed/waits.ts';
import { binanceUsdm } from '../../../src/venues/binance/usdm.ts';
import { clockOf, failure, FakeMarket } from '../../support/fake-market.ts';
import { candle } from '../../support/candle.ts';
import { RULES, say } from '../../support/series.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** The past of BTCUSDT 1m as a fake market shows it, at half of minute 1000. */
function rig(pagesFrom: 'oldest' | 'newest' = 'oldest') {
  const clock = new VirtualClock();
  const market = new FakeMarket(clock);
  market.pagesFrom = pagesFrom;
  const exchange = clockOf(market, clock);
  exchange.ask();
  clock.advance(100);
  const maxSpanMs = pagesFrom === 'newest' ? 200 * DAY : Infinity;
  const limits = { ...binanceUsdm.rest.paging, pagesFrom, maxSpanMs };
  const klines$: typeof market.klines$ = (request) => market.klines$(request);
  const reader = candleReader('BTCUSDT', '1m', { klines$, clock: exchange, limits, scheduler: clock });
  const signals$ = new Subject<SeriesSignal>();
  const commands = new SeriesCommands();
  const told: string[] = [];
  const waits = new Waits({ scheduler: clock, now: () => exchange.now(), publish: ({ type }) => told.push(type) });
  const options: PastOptions = {
    symbol: 'BTCUSDT',
    interval: '1m',
    rules: { ...RULES, warmUp: true },
    shared: { clock: exchange, timers: new TimerQueue(clock, () => exchange.now()), restUrl: 'https://example.test' },
    reader,
    scheduler: clock,
    waits,
    endsAt: () => Infinity,
    signals$,
    commands,
    report: (output: SeriesOutput) => told.push(say(output)),
    geoBlocked: () => new GeoBlockedError('https://example.test'),
  };
  return { clock, market, options, signals$, told: (word: string) => told.filter((words) => words.startsWith(word)) };
}

type Rig = ReturnType<typeof rig>;

function readPast({ clock, options }: Rig, from: number, before: number, forMs = 60_000) {
  const minutes: number[] = [];
  const end: { completed?: boolean; error?: unknown } = {};
  const subscription = past$(from * MINUTE, before * MINUTE, options).subscribe({
    next: ({ timestamp }) => minutes.push(timestamp / MINUTE),
    error: (error: unknown) => (end.error = error),
    complete: () => (end.completed = true),
  });
  clock.advance(forMs);
  return { minutes, end, subscription };
}

function readLast({ clock, options }: Rig, count: number, forMs = 60_000): readonly number[] | undefined {
  let found: readonly Candle[] | undefined;
  lastCandles$(count, { before: 1000 * MINUTE, until: 1000 * MINUTE }, options).subscribe(
    (candles) => (found = [...(found ?? []), ...candles]),
  );
  clock.advance(forMs);
  return found?.map(({ timestamp }) => timestamp / MINUTE);
}

const range = (from: number, before: number) => Array.from({ length: before - from }, (_, n) => from + n);

describe('the past', () => {
  it('is each candle once, in rising order, over as many pages as it takes', () => {
    const r = rig();
    const { minutes, end } = readPast(r, 100, 1000);
    expect(minutes).toEqual(range(100, 1000));
    expect(end).toEqual({ completed: true });
    expect(r.market.count('klines')).toBeLessThanOrEqual(4);
  });

  it('of nothing completes at once', () => {
    expect(readPast(rig(), 1000, 1000, 0)).toMatchObject({ minutes: [], end: { completed: true } });
  });

  it.each(['oldest', 'newest'] as const)(
    'begins with the first candle there is, where pages hold the %s',
    (pagesFrom) => {
      const r = rig(pagesFrom);
      r.market.first = 700;
      const { minutes, end } = readPast(r, 10, 1000);
      expect(minutes).toEqual(range(700, 1000));
      expect(end).toEqual({ completed: true });
      expect(r.told('missing')).toEqual([]);
    },
  );

  it('leaves out what the exchange lacks, and says so', () => {
    const r = rig();
    for (const minute of [901, 902, 950]) r.market.lacking.add(minute);
    const { minutes } = readPast(r, 900, 1000);
    expect(minutes).toEqual(range(900, 1000).filter((minute) => !r.market.lacking.has(minute)));
    expect(r.told('missing')).toEqual(['missing 901–902', 'missing 950–950']);
  });

  it('waits out a failing REST, and tells that it waits and when that is over', () => {
    const r = rig();
    r.market.failing.klines = failure('server');
    const { minutes, end } = readPast(r, 990, 1000, 20_000);
    expect(minutes).toEqual([]);
    r.market.failing = {};
    r.clock.advance(60_000);
    expect(minutes).toEqual(range(990, 1000));
    expect(end).toEqual({ completed: true });
    expect(r.told('gap').at(0)).toBe('gap 990–999 opened (REST: server: server (example.test))');
    expect(r.told('gap').at(-1)).toMatch(/^gap 990–999 filled/);
  });

  it('ends where this place is not served', () => {
    const r = rig();
    r.market.failing.klines = failure('geo-blocked');
    expect(readPast(r, 990, 1000).end.error).toBeInstanceOf(GeoBlockedError);
  });

  it('takes a close from the stream as soon as it comes', () => {
    const r = rig();
    r.market.failing.klines = failure('network');
    const { minutes, end } = readPast(r, 999, 1000, 1000);
    r.signals$.next(candle(999));
    expect(minutes).toEqual([999]);
    expect(end).toEqual({ completed: true });
  });

  it('is given up without a trace', () => {
    const r = rig();
    const { subscription, minutes } = readPast(r, 100, 1000, 10);
    expect(r.signals$.observed).toBe(true);
    subscription.unsubscribe();
    r.clock.advance(60_000);
    expect(r.signals$.observed).toBe(false);
    expect(minutes).toEqual([]);
    expect(r.market.count('klines')).toBe(1);
  });
});

describe('the last n candles', () => {
  it.each([1, 5, 499, 500, 501, 990])('are %d, ending with the one before', (count) => {
    expect(readLast(rig(), count)).toEqual(range(1000 - count, 1000));
  });

  it.each(['oldest', 'newest'] as const)(
    'are fewer only if the exchange has fewer, where pages hold the %s',
    (pagesFrom) => {
      const r = rig(pagesFrom);
      r.market.first = 990;
      expect(readLast(r, 600)).toEqual(range(990, 1000));
    },
  );

  it('are n that exist: what the exchange lacks is made up for by older ones', () => {
    const r = rig();
    for (const minute of [...range(960, 970), 955]) r.market.lacking.add(minute);
    const minutes = readLast(r, 40, 120_000);
    expect(minutes).toHaveLength(40);
    expect(minutes).toEqual(range(949, 1000).filter((minute) => !r.market.lacking.has(minute)));
  });
});
