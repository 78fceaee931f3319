import { Observable, from } from 'rxjs';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Candle } from 'rx-candles';
import {
  closedCandlesOf$,
  closedCandlesOfMany$,
  type CandleLog,
  type LogSignal,
  type LoggedCandlesOptions,
  type ManyLoggedCandlesOptions,
  type SeriesPattern,
} from 'rx-candles/nats';
import { memoryLog, type MemoryLog } from 'rx-candles/testing';
import { BTC, ETH, MINUTE, START, minute, minutes } from '../support/stored.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { appendAll } from './candle-log.contract.ts';

const at = (number: number): number => START + number * MINUTE;
let log: MemoryLog;
let clock: VirtualClock;
let got: string[];
let error: unknown;

beforeEach(() => {
  log = memoryLog();
  clock = new VirtualClock();
  // The exchange's candles have closed before anybody subscribes.
  clock.frame = at(1_000_000);
  [got, error] = [[], undefined];
});

const textOf = ({ symbol, timestamp, source }: Candle) =>
  `${symbol.slice(0, 3)} ${(timestamp - START) / MINUTE} ${source}`;

async function settle(): Promise<void> {
  for (let turn = 0; turn < 6; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(10_000);
  }
}

async function hear(candles$: Observable<Candle>): Promise<void> {
  candles$.subscribe({ next: (candle) => got.push(textOf(candle)), error: (failure: unknown) => (error = failure) });
  await settle();
}

const one = (options: LoggedCandlesOptions = {}, where: CandleLog = log) =>
  hear(closedCandlesOf$(where, 'btcusdt', '1m', { scheduler: clock, ...options }));
const many = (series: SeriesPattern | readonly SeriesPattern[], options: ManyLoggedCandlesOptions = {}) =>
  hear(closedCandlesOfMany$(log, series, { scheduler: clock, ...options }));

describe('one series', () => {
  it('is delivered as it is stored', async () => {
    await appendAll(log, minutes(3));
    await one();
    await appendAll(log, [minute(3), minute(5)], at(2));
    expect(got).toEqual(['BTC 3 stream', 'BTC 5 stream']);
  });

  it('is not called history because a feeder is only just storing its own', async () => {
    await appendAll(log, [minute(0, { source: 'history' })]);
    await one({ history: 5 });
    await appendAll(log, [minute(1, { source: 'history' }), minute(2)], at(0));
    expect(got).toEqual(['BTC 0 history', 'BTC 1 backfill', 'BTC 2 stream']);
  });

  it('begins with its first candle where nothing was stored', async () => {
    await one();
    await appendAll(log, minutes(2, { source: 'history' }));
    expect(got).toEqual(['BTC 0 backfill', 'BTC 1 backfill']);
  });

  it('goes on after the last candle handled', async () => {
    await appendAll(log, minutes(4));
    await one({ since: new Date(at(1)) });
    await appendAll(log, [minute(4)], at(3));
    expect(got).toEqual(['BTC 2 backfill', 'BTC 3 backfill', 'BTC 4 stream']);
  });

  it('goes on although the log lost more than was handled, and got it again', async () => {
    await appendAll(log, minutes(6));
    log.lose(3);
    await one({ since: at(4) });
    await appendAll(log, [minute(3), minute(4), minute(5)], at(2));
    await settle();
    expect(got).toEqual(['BTC 5 stream']);
  });

  it('begins with everything that is still there', async () => {
    await log.append(minute(5), undefined);
    const kept = [{ candle: minute(7), previous: at(6) }, { candle: minute(8), previous: at(7) }, 'live'] as const;
    await one({ since: 0 }, Object.assign(log.another(), { read$: () => from<readonly LogSignal[]>(kept) }));
    expect(got).toEqual(['BTC 7 backfill', 'BTC 8 backfill']);
  });

  it('warms up with the last candles', async () => {
    await appendAll(log, [...minutes(4), minute(20), minute(21)]);
    await one({ history: 3 });
    await appendAll(log, [minute(22)], at(21));
    expect(got).toEqual(['BTC 3 history', 'BTC 20 history', 'BTC 21 history', 'BTC 22 stream']);
  });

  it('warms up with all there are, if that is fewer, or none', async () => {
    await one({ history: 3 });
    expect([got, error]).toEqual([[], undefined]);
    await appendAll(log, minutes(2));
    await one({ history: 3 });
    expect(got).toEqual(['BTC 0 stream', 'BTC 1 stream', 'BTC 0 history', 'BTC 1 history']);
  });

  it('warms up to the last candle handled, and goes on', async () => {
    await appendAll(log, minutes(6));
    await one({ history: 2, since: at(3) });
    expect(got).toEqual(['BTC 2 history', 'BTC 3 history', 'BTC 4 backfill', 'BTC 5 backfill']);
  });

  it('begins with what closed while the log could not be reached', async () => {
    clock.frame = at(2) + 1;
    const subscribed = closedCandlesOf$(
      Object.assign(log.another(), {
        read$: (...args: Parameters<CandleLog['read$']>) =>
          new Observable<LogSignal>((subscriber) => {
            clock.schedule(() => log.read$(...args).subscribe(subscriber), 3 * MINUTE);
          }),
      }),
      'BTCUSDT',
      '1m',
      { scheduler: clock },
    );
    await appendAll(log, minutes(2));
    await hear(subscribed);
    await appendAll(log, [minute(2), minute(3)], at(1));
    clock.advance(10 * MINUTE);
    await settle();
    expect(got).toEqual(['BTC 2 stream', 'BTC 3 stream']);
  });

  it('errors with what the log does not have any more, and says where it stopped', async () => {
    await log.append(minute(5), undefined);
    await one({ since: at(3) });
    expect(error).toMatchObject({ code: 'FEED_LOG', reason: 'hole', lastTimestamp: undefined });
    expect((error as Error).message).toMatch(/the log begins with 2026-01-01T00:05:00.000Z/);
    const holed = [{ candle: minute(5), previous: at(4) }, { candle: minute(8), previous: at(7) }, 'live'] as const;
    await one({ since: at(4) }, Object.assign(log.another(), { read$: () => from<readonly LogSignal[]>(holed) }));
    expect(error).toMatchObject({ reason: 'hole', lastTimestamp: at(5), log: 'binance-usdm BTCUSDT 1m' });
    expect(got).toEqual(['BTC 5 backfill']);
  });

  it('ends with the log, and tells bad options', async () => {
    await one();
    await log.close();
    await one();
    expect(error).toMatchObject({ code: 'FEED_LOG', reason: 'closed' });
    await one({ since: 5, history: -1 });
    expect(error).toMatchObject({ code: 'FEED_CONFIG' });
    await one({ venue: 'nowhere' as 'okx' });
    expect((error as Error).message).toContain('series.venue');
  });
});

describe('many series', () => {
  it('come by what they have in common, those included that begin later', async () => {
    await appendAll(log, minutes(2));
    await many({ interval: '1m' });
    await appendAll(log, minutes(1, { symbol: 'ETHUSDT' }));
    await appendAll(log, [minute(2)], at(1));
    expect(got).toEqual(['ETH 0 stream', 'BTC 2 stream']);
  });

  it('go on after the last candles handled, each by itself', async () => {
    await appendAll(log, minutes(4));
    await appendAll(log, minutes(4, { symbol: 'ETHUSDT' }));
    await appendAll(log, minutes(2, { symbol: 'XRPUSDT' }));
    await many([BTC, ETH, { symbol: 'XRPUSDT' }], { since: [minute(2), minute(0, { symbol: 'ETHUSDT' })] });
    expect(got).toEqual(['BTC 3 backfill', 'ETH 1 backfill', 'ETH 2 backfill', 'ETH 3 backfill', 'XRP 1 backfill']);
  });

  it('warm up, each with its last candles', async () => {
    await appendAll(log, minutes(4));
    await appendAll(log, minutes(3, { symbol: 'ETHUSDT' }));
    await many({ venue: 'binance-usdm' }, { history: 2 });
    await appendAll(log, [minute(4)], at(3));
    expect(got.toSorted()).toEqual([
      'BTC 2 history',
      'BTC 3 history',
      'BTC 4 stream',
      'ETH 1 history',
      'ETH 2 history',
    ]);
  });

  it('that begin after `since` are delivered from their beginning on', async () => {
    await appendAll(log, minutes(2));
    await log.append(minute(5, { symbol: 'ETHUSDT' }), undefined);
    await many({}, { since: at(0) });
    expect([got, error]).toEqual([['BTC 1 backfill', 'ETH 5 backfill'], undefined]);
  });
});
