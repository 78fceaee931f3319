import type { Observable } from 'rxjs';
import { BehaviorSubject, NEVER, Subject, concat, from, throwError } from 'rxjs';
import { beforeEach, expect, it } from 'vitest';
import { UnknownSymbolError, type Candle, type ClosedCandlesOptions } from 'rx-candles';
import { feedTo, type CandleLog, type CandleSeries, type FeedToOptions, type LogStatus } from 'rx-candles/nats';
import { memoryLog, type MemoryLog } from 'rx-candles/testing';
import { isFarBehind } from '../../src/log/append-in-order.ts';
import { BTC, ETH, MINUTE, START, minute, minutes } from '../support/stored.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { appendAll } from './candle-log.contract.ts';

const at = (number: number): number => START + number * MINUTE;
let log: MemoryLog;
let clock: VirtualClock;
let asked: (ClosedCandlesOptions | undefined)[];
let fed: string[];
let end: unknown;

beforeEach(() => {
  [log, clock, asked, fed, end] = [memoryLog(), new VirtualClock(), [], [], undefined];
});

async function settle(): Promise<void> {
  for (let turn = 0; turn < 8; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(10_000);
  }
}

/** What the exchange has, from where it is asked on. */
const feedOf = (candles: readonly Candle[], then$: Observable<Candle> = NEVER) => ({
  closedCandles$: (symbol: string, _: string, options?: ClosedCandlesOptions) => {
    asked.push(options);
    const since = Number(options?.since ?? 0);
    return concat(from(candles.filter((one) => one.symbol === symbol && one.timestamp > since)), then$);
  },
});

async function feed(
  of: ReturnType<typeof feedOf>,
  options: FeedToOptions = {},
  into: CandleLog = log,
  series: readonly CandleSeries[] = [BTC],
) {
  const subscription = feedTo(into, of, series, { scheduler: clock, ...options }).subscribe({
    next: ({ candle, outcome }) =>
      fed.push(`${candle.symbol.slice(0, 3)} ${(candle.timestamp - START) / MINUTE} ${outcome}`),
    error: (error: unknown) => (end = error),
    complete: () => (end = 'complete'),
  });
  await settle();
  return subscription;
}

const stored = () => log.entries.map(({ candle, previous }) => [candle.timestamp, previous]);

it('begins a new series where it is told to', async () => {
  await feed(feedOf(minutes(2)), { history: 5, since: at(-9) });
  expect(asked).toEqual([{ history: 5, since: at(-9) }]);
  expect(fed).toEqual(['BTC 0 stored', 'BTC 1 stored']);
  expect(stored()).toEqual([
    [at(0), null],
    [at(1), at(0)],
  ]);
});

it('goes on where the log ends', async () => {
  await appendAll(log, minutes(3));
  await feed(feedOf(minutes(5)), { history: 100 });
  expect(asked).toEqual([{ since: at(2) }]);
  expect(fed).toEqual(['BTC 3 stored', 'BTC 4 stored']);
});

it('says what others had stored', async () => {
  const live$ = new Subject<Candle>();
  await feed(feedOf([], live$));
  await appendAll(log, minutes(2));
  for (const candle of minutes(3)) live$.next(candle);
  await settle();
  expect(fed).toEqual(['BTC 0 already', 'BTC 1 already', 'BTC 2 stored']);
});

it('reads again what the log lost', async () => {
  const live$ = new Subject<Candle>();
  await feed(feedOf(minutes(6), live$));
  log.lose(4);
  live$.next(minute(6));
  await settle();
  expect(asked.at(-1)).toEqual({ since: at(1) });
  expect(stored().map(([time]) => time)).toEqual(minutes(6).map(({ timestamp }) => timestamp));
});

it('gives a log that lost everything what it knows of', async () => {
  const live$ = new Subject<Candle>();
  await appendAll(log, [minute(2), minute(3)]);
  await feed(feedOf(minutes(6), live$));
  log.lose(100);
  live$.next(minute(6));
  await settle();
  expect(stored().map(([time]) => time)).toEqual([3, 4, 5].map(at));
});

it('goes on behind the others when it has stood still', async () => {
  const live$ = new Subject<Candle>();
  await feed(feedOf([minute(0)], live$));
  await appendAll(log, minutes(60).slice(1), at(0));
  for (const candle of minutes(60).slice(1, 30)) live$.next(candle);
  await settle();
  expect(asked).toEqual(
    [undefined, undefined].map((_, index) =>
      index === 0 ? { history: undefined, since: undefined } : { since: at(59) },
    ),
  );
  expect(fed.length).toBeLessThan(12);
});

it('knows far from near', () => {
  expect(isFarBehind(minute(5), minute(14))).toBe(false);
  expect(isFarBehind(minute(5), minute(15))).toBe(true);
  expect(isFarBehind(minute(5), undefined)).toBe(false);
});

it('keeps no more than can wait while the log is away, and reads the rest again', async () => {
  const status$ = new BehaviorSubject<LogStatus>({ state: 'connected', server: 'here' });
  let back: () => void = () => undefined;
  let away: Promise<void> | undefined;
  const waiting = async <T>(work: () => Promise<T>): Promise<T> => {
    await away;
    return work();
  };
  const into: CandleLog = Object.assign(log.another(), {
    status$,
    tail: (series: typeof BTC) => waiting(() => log.tail(series)),
    append: (candle: Candle, after: number | undefined) => waiting(() => log.append(candle, after)),
  });
  const live$ = new Subject<Candle>();
  const subscribed = () => live$.observed;
  await feed(feedOf([], live$), { maxWaiting: 3 }, into);
  away = new Promise((resolve) => (back = resolve));
  status$.next({ state: 'waiting', reason: 'refused', attempt: 1, delayMs: 250 });
  const held: boolean[] = [];
  for (const candle of minutes(6)) {
    live$.next(candle);
    held.push(subscribed());
  }
  expect(held).toEqual([true, true, true, false, false, false]);
  await settle();
  expect(asked).toHaveLength(1);
  away = undefined;
  back();
  status$.next({ state: 'connected', server: 'here' });
  await settle();
  expect(asked).toHaveLength(2);
});

it('feeds many series, each once, and completes with the last', async () => {
  const done = { closedCandles$: (symbol: string) => from(minutes(2, { symbol })) };
  await feed(done, {}, log, [BTC, ETH, { ...BTC, symbol: 'btcusdt' }]);
  expect(fed.toSorted()).toEqual(['BTC 0 stored', 'BTC 1 stored', 'ETH 0 stored', 'ETH 1 stored']);
  expect(end).toBe('complete');
});

it('errors as the feed does, with a series of another feed, and with the log', async () => {
  const failure = new UnknownSymbolError('BTCUSDT', 'binance-usdm');
  await feed(
    feedOf(
      [minute(0)],
      throwError(() => failure),
    ),
  );
  expect([fed, end]).toEqual([['BTC 0 stored'], failure]);
  await feed({ closedCandles$: () => from([minute(1, { venue: 'okx' })]) });
  expect(end).toMatchObject({
    code: 'FEED_CONFIG',
    message: expect.stringContaining('okx BTCUSDT 1m in this feed') as string,
  });
  await log.close();
  await feed(feedOf([]));
  expect(end).toMatchObject({ code: 'FEED_LOG', reason: 'closed' });
});
