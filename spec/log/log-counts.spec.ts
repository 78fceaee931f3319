import { BehaviorSubject, NEVER, Subject, concat, from, of, throwError, type Observable } from 'rxjs';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Candle } from 'rx-candles';
import {
  LogCounts,
  LogError,
  closedCandlesOf$,
  closedCandlesOfMany$,
  feedTo,
  logHealthOf,
  type CandleLog,
  type LogStatus,
} from 'rx-candles/nats';
import { memoryLog, type MemoryLog } from 'rx-candles/testing';
import { BTC, ETH, MINUTE, START, minute, minutes } from '../support/stored.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { appendAll } from './candle-log.contract.ts';

const BTC_1M = { symbol: 'BTCUSDT', interval: '1m' };
const at = (number: number): number => START + number * MINUTE;
let log: MemoryLog;
let clock: VirtualClock;
let counts: LogCounts;

beforeEach(() => {
  [log, clock] = [memoryLog(), new VirtualClock()];
  clock.frame = at(0);
  counts = new LogCounts(log, { scheduler: clock });
});

/** Lets answers come; time passes only by so much. */
async function settle(ms = 0): Promise<void> {
  for (let turn = 0; turn < 8; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(ms / 8);
  }
}

describe('a feeder', () => {
  const feed = (candles$: Observable<Candle>, into: CandleLog = log) =>
    feedTo(into, { closedCandles$: () => candles$ }, [BTC], { scheduler: clock, counts, maxWaiting: 2 }).subscribe({
      error: () => undefined,
    });

  /** A log whose appends wait for their turn. */
  function slow() {
    const turns: (() => void)[] = [];
    const status$ = new BehaviorSubject<LogStatus>({ state: 'connected', server: 'here' });
    const append = async (candle: Candle, after: number | undefined) => {
      await new Promise<void>((resolve) => turns.push(resolve));
      return log.append(candle, after);
    };
    return { turns, status$, into: Object.assign(log.another(), { append, status$ }) as CandleLog };
  }

  it('tells what it stored, and what others had', async () => {
    await appendAll(log, minutes(2));
    feed(from(minutes(4)));
    await settle();
    expect(counts.feeding.appended).toEqual({ stored: 2, already: 2 });
    expect([counts.feeding.waiting, counts.feeding.oldest]).toEqual([0, undefined]);
  });

  it('tells how many candles wait, for how long, and how long it took', async () => {
    const { into, turns } = slow();
    feed(concat(from(minutes(2)), NEVER), into);
    await settle(8000);
    expect(counts.feeding.waiting).toBe(2);
    expect(counts.feeding.oldest).toMatchObject({ candle: minute(0), waitedMs: 8000 });
    turns.shift()?.();
    await settle();
    expect(counts.feeding.waiting).toBe(1);
    const { counts: buckets, sumsMs } = counts.feeding.delays;
    expect([buckets.reduce((sum, count) => sum + count), sumsMs.reduce((sum, ms) => sum + ms)]).toEqual([1, 8000]);
  });

  it('tells why it took a series up again, and that nothing waits any more', async () => {
    const { into, status$ } = slow();
    const live$ = new Subject<Candle>();
    const subscription = feed(live$, into);
    await settle();
    status$.next({ state: 'waiting', reason: 'refused', attempt: 1, delayMs: 250 });
    for (const candle of minutes(3)) live$.next(candle);
    expect([counts.feeding.conflicts, counts.feeding.waiting]).toEqual([{ 'ends elsewhere': 0, 'far behind': 0, away: 1 }, 0]); // prettier-ignore
    subscription.unsubscribe();
    await appendAll(log, [minute(5)]);
    feed(concat(from([minute(7)]), NEVER), Object.assign(log.another(), { tail: () => Promise.resolve(minute(6)) }));
    await settle();
    expect(counts.feeding.conflicts['ends elsewhere']).toBe(1);
  });

  it('tells of the errors that end it, and not of being closed', async () => {
    const refused = new LogError('refused', 'CANDLES', { what: 'no' });
    feed(throwError(() => refused));
    feed(throwError(() => new LogError('closed', 'CANDLES', { what: 'closed' })));
    await settle();
    expect(Object.entries(counts.errors).filter(([, times]) => times > 0)).toEqual([['refused', 1]]);
  });
});

describe('a reader', () => {
  it('tells what it read, how late, and that it has come to the end', async () => {
    await appendAll(log, minutes(3));
    clock.frame = at(3);
    const reading = closedCandlesOf$(log, 'BTCUSDT', '1m', { scheduler: clock, history: 2, counts }).subscribe();
    expect(counts.reading.readers).toEqual({ 'catching up': 1, live: 0 });
    await settle(1000);
    expect(counts.reading.readers).toEqual({ 'catching up': 0, live: 1 });
    clock.frame = at(4) + 700;
    await appendAll(log, [minute(3)], at(2));
    expect(counts.reading.read).toEqual({ stream: 1, backfill: 0, history: 2 });
    expect(counts.reading.delays.sumsMs.reduce((sum, ms) => sum + ms)).toBe(701);
    reading.unsubscribe();
    expect(counts.reading.readers).toEqual({ 'catching up': 0, live: 0 });
  });

  it('tells that reading broke off, and of a hole', async () => {
    await appendAll(log, minutes(6));
    const [, , , , , last] = log.entries;
    let readings = 0;
    const lossy = Object.assign(log.another(), {
      read$: (...args: Parameters<CandleLog['read$']>) => {
        readings += 1;
        return readings === 1 ? concat(of(last), NEVER) : log.read$(...args);
      },
    }) as CandleLog;
    closedCandlesOf$(lossy, 'BTCUSDT', '1m', { scheduler: clock, since: at(0), counts }).subscribe();
    await settle(8);
    expect(counts.reading.repairs).toEqual({ interrupted: 0, hole: 1 });
    expect(counts.reading.readers.live).toBe(1);
    log.interrupt();
    expect(counts.reading.repairs).toEqual({ interrupted: 1, hole: 1 });
    expect(counts.reading.readers.live).toBe(0);
    await settle(8000);
    expect(counts.reading.readers.live).toBe(1);
    expect(counts.reading.read.backfill).toBe(5);
  });

  it('tells how long the next candle has been over of the series that is most overdue', async () => {
    await appendAll(log, minutes(3));
    await appendAll(log, minutes(2, { symbol: 'ETHUSDT' }));
    clock.frame = at(2) + 500;
    closedCandlesOfMany$(log, [BTC, ETH], { scheduler: clock, counts }).subscribe();
    await settle();
    expect(counts.reading.latestMs).toBe(0);
    clock.frame = at(4) + 500;
    expect(counts.reading.latestMs).toBe(MINUTE + 501);
    await appendAll(log, [minute(2, { symbol: 'ETHUSDT' })], at(1));
    expect(counts.reading.latestMs).toBe(501);
  });

  it('tells of an error that ends it', async () => {
    const broken = Object.assign(log.another(), {
      read$: () => throwError(() => new LogError('no stream', 'CANDLES', { what: 'none' })),
    });
    closedCandlesOf$(broken, 'BTCUSDT', '1m', { scheduler: clock, counts }).subscribe({ error: () => undefined });
    await settle();
    expect(counts.errors['no stream']).toBe(1);
  });
});

describe('the way to the log', () => {
  const waiting = (attempt: number): LogStatus => ({ state: 'waiting', reason: 'ECONNREFUSED', attempt, delayMs: 250 });
  const connected: LogStatus = { state: 'connected', server: 'here' };

  it.each<[string, readonly LogStatus[], object]>([
    ['not used yet', [], { connections: 0, failures: 0, reconnects: 0, away: undefined }],
    ['found', [{ state: 'connecting' }, connected], { connections: 1, failures: 0, reconnects: 0, away: undefined }],
    ['found late', [{ state: 'connecting' }, waiting(1), connected], { failures: 1, reconnects: 0, away: undefined }],
    [
      'lost',
      [connected, waiting(1), waiting(2)],
      {
        connections: 0,
        failures: 1,
        reconnects: 0,
        away: { forMs: 2000, reason: 'the log cannot be reached: ECONNREFUSED' },
      },
    ],
    [
      'found again',
      [connected, waiting(1), connected],
      { connections: 1, failures: 0, reconnects: 1, away: undefined },
    ],
    [
      'lost to several at once',
      [connected, waiting(1), waiting(1), waiting(2), waiting(1), connected, waiting(1), waiting(2), waiting(2)],
      { failures: 2, reconnects: 1 },
    ],
    ['closed', [connected, waiting(1), { state: 'closed' }], { connections: 0, reconnects: 0, away: undefined }],
  ])('that was %s', (_, told, figures) => {
    const status$ = new BehaviorSubject<LogStatus>({ state: 'idle' });
    const { link } = new LogCounts({ status$ }, { scheduler: clock });
    for (const status of told) {
      status$.next(status);
      clock.advance(1000);
    }
    expect({ connections: link.connections, failures: link.failures, reconnects: link.reconnects, away: link.away }).toMatchObject(figures); // prettier-ignore
  });
});

describe('health', () => {
  const status$ = new BehaviorSubject<LogStatus>({ state: 'connecting' });
  const stuck = (): CandleLog =>
    Object.assign(log.another(), { status$, append: () => new Promise<never>(() => undefined) });
  const late = () => logHealthOf(counts).late;

  it('is good of a log that nobody uses, and of one that is used as it should be', async () => {
    await appendAll(log, minutes(3));
    clock.frame = at(3) + 500;
    expect(logHealthOf(counts)).toEqual({ healthy: true, log: 'CANDLES', late: [] });
    closedCandlesOf$(log, 'BTCUSDT', '1m', { scheduler: clock, counts }).subscribe();
    await settle();
    clock.advance(MINUTE + 29_000);
    expect(logHealthOf(counts).healthy).toBe(true);
    clock.advance(2000);
    expect(late()).toEqual([{ ...BTC_1M, lateMs: 31_501, reason: 'nobody has stored its next candle' }]);
  });

  it('is bad of a series that nobody has ever stored', async () => {
    closedCandlesOf$(log, 'BTCUSDT', '1m', { scheduler: clock, counts }).subscribe();
    await settle();
    clock.advance(MINUTE + 31_000);
    expect(late()).toEqual([{ ...BTC_1M, lateMs: 31_000, reason: 'nobody has stored its next candle' }]);
  });

  it('is bad of a log that has been away for more than ten seconds, and of what waits for it', async () => {
    counts = new LogCounts({ status$ }, { scheduler: clock, name: 'OKX' });
    const candles = { closedCandles$: () => concat(of(minute(0)), NEVER) };
    feedTo(stuck(), candles, [BTC], { scheduler: clock, counts }).subscribe();
    await settle();
    clock.advance(9000);
    expect(late()).toEqual([]);
    status$.next({ state: 'waiting', reason: 'ECONNREFUSED', attempt: 1, delayMs: 250 });
    clock.advance(2000);
    const reason = 'the log cannot be reached: ECONNREFUSED';
    expect(logHealthOf(counts)).toEqual({
      healthy: false,
      log: 'OKX',
      late: [
        { lateMs: 11_000, reason },
        { ...BTC_1M, lateMs: 11_000, reason },
      ],
    });
    status$.next({ state: 'connected', server: 'here' });
    expect(late()).toEqual([{ ...BTC_1M, lateMs: 11_000, reason: 'it waits to be stored' }]);
  });

  it('is good of a reader that has just been interrupted, however long ago it heard something', async () => {
    await appendAll(log, minutes(3));
    clock.frame = at(3) + 500;
    closedCandlesOf$(log, 'BTCUSDT', '1m', { scheduler: clock, counts }).subscribe();
    await settle();
    clock.advance(50_000);
    log.interrupt();
    expect(late()).toEqual([]);
  });

  it('is bad of a past of which nothing comes', async () => {
    const silent = Object.assign(log.another(), { read$: () => NEVER }) as CandleLog;
    closedCandlesOf$(silent, 'BTCUSDT', '1m', { scheduler: clock, history: 5, counts }).subscribe();
    clock.advance(10_001);
    expect(late()).toEqual([{ lateMs: 10_001, reason: 'nothing comes of the past that is read' }]);
  });
});
