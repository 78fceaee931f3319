import { config, EMPTY, NEVER, of, Subject, throwError, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Candle } from '../../../src/core/candle.ts';
import { FeedClosedError, GeoBlockedError } from '../../../src/core/errors.ts';
import { FeedStats } from '../../../src/feed/feed-stats.ts';
import { HistorySubscriber, MAX_QUEUED, type SubscriberHistory } from '../../../src/feed/series/history-subscriber.ts';
import { LiveSubscriber } from '../../../src/feed/series/series-subscriber.ts';
import { callHandler, Delivery } from '../../../src/feed/series/delivery.ts';
import { candle } from '../../support/candle.ts';
import { subscriberOf } from '../../support/subscriber.ts';

const MINUTE = 60_000;

/** A subscriber that keeps what it is given; `handlerMs` is how long each handler takes. */
function delivery(handlerMs = 0) {
  const seen: Candle[] = [];
  const end: { error?: unknown; completed?: boolean } = {};
  let now = 0;
  const subscriber = subscriberOf({
    next: (given: Candle) => {
      seen.push(given);
      now += handlerMs;
    },
    error: (error: unknown) => (end.error = error),
    complete: () => (end.completed = true),
  });
  const stats = new FeedStats();
  return {
    seen,
    end,
    stats,
    subscriber,
    delivery: new Delivery(subscriber, (given) => given, { stats, localNow: () => now }),
  };
}

const minutes = (candles: readonly Candle[]) => candles.map(({ timestamp }) => timestamp / MINUTE);
const range = (from: number, before: number) =>
  Array.from({ length: before - from }, (_, n) => candle(from + n, { source: 'backfill' }));

describe('a delivery', () => {
  it('counts candles by their source, and the time that handlers take', () => {
    const { delivery: to, stats } = delivery(15);
    to.next(candle(1));
    to.next(candle(2, { source: 'history' }));
    to.next(candle(3, { source: 'history' }));
    expect(stats).toMatchObject({
      candles: { stream: 1, backfill: 0, history: 2 },
      handlerMs: 45,
      slowestHandlerMs: 15,
    });
  });

  it('counts the time of a handler that throws', async () => {
    const stats = new FeedStats();
    const reported: unknown[] = [];
    config.onUnhandledError = (error) => reported.push(error);
    let now = 0;
    const slow = () => {
      now += 15;
      throw new Error('broke');
    };
    callHandler(slow, { stats, localNow: () => now });
    await new Promise((resolve) => setTimeout(resolve, 20));
    config.onUnhandledError = null;
    expect(reported).toHaveLength(1);
    expect(stats.handlerMs).toBe(15);
  });

  it('counts nothing for one who has left', () => {
    const { delivery: to, stats, subscriber, seen } = delivery(15);
    subscriber.unsubscribe();
    to.next(candle(1));
    expect(seen).toEqual([]);
    expect(stats).toMatchObject({ candles: { stream: 0 }, handlerMs: 0 });
  });

  it('gives an error the last candle that this subscription had', () => {
    const [one, other, none] = [delivery(), delivery(), delivery()];
    one.delivery.next(candle(1));
    other.delivery.next(candle(2));
    const error = new FeedClosedError();
    for (const { delivery: to } of [one, other, none]) to.error(error);
    expect([one, other, none].map(({ end }) => (end.error as FeedClosedError).lastTimestamp)).toEqual([
      MINUTE, 2 * MINUTE, undefined,
    ]); // prettier-ignore
  });
});

describe('a subscription from the running candle on', () => {
  it('does not know its first candle before the exchange’s time is known', () => {
    const recipient = new LiveSubscriber(delivery().delivery, 5, 0);
    expect(recipient.from).toBeUndefined();
    recipient.begin(3 * MINUTE);
    expect(recipient).toMatchObject({ from: 3 * MINUTE, subscribedAt: 5, notBefore: 0 });
  });

  it('passes candles on as they are, and the end', () => {
    const { seen, end, delivery: to } = delivery();
    const recipient = new LiveSubscriber(to, 0, 0);
    const live = candle(3);
    recipient.take(live);
    recipient.complete();
    expect(seen[0]).toBe(live);
    expect(end).toEqual({ completed: true });
  });
});

/** A subscription at minute 10 that begins in the past. */
function warm(past: Partial<SubscriberHistory> = {}, nextLive = () => Infinity) {
  const given = delivery();
  const asked: string[] = [];
  const noted =
    (name: string, read$: (...args: number[]) => Observable<Candle>) =>
    (...args: number[]) => {
      asked.push(`${name} ${args.map((time) => time / MINUTE).join(' ')}`);
      return read$(...args);
    };
  const recipient = new HistorySubscriber(given.delivery, {
    subscribedAt: 0,
    notBefore: 0,
    past: {
      liveFrom: past.liveFrom ?? ((from) => from),
      until$: noted('until', (before = 0) => past.until$?.(before) ?? EMPTY),
      between$: noted('between', (from = 0, before = 0) => past.between$?.(from, before) ?? EMPTY),
      warmUpEnd: past.warmUpEnd ?? ((mark) => mark),
    },
    nextLive,
  });
  return { ...given, recipient, asked };
}

describe('a subscription that begins in the past', () => {
  it('gets the past, then what closed meanwhile, then what comes', () => {
    const past = new Subject<Candle>();
    const { recipient, seen, asked } = warm({ until$: () => past });
    recipient.begin(10 * MINUTE, 10 * MINUTE);
    recipient.warmUp();
    recipient.take(candle(10));
    for (const old of range(7, 9)) past.next(old);
    recipient.take(candle(11));
    past.next(candle(9));
    expect(minutes(seen)).toEqual([7, 8, 9]);
    past.complete();
    recipient.take(candle(12));
    expect(minutes(seen)).toEqual([7, 8, 9, 10, 11, 12]);
    expect(asked).toEqual(['until 10']);
  });

  it('calls what closed before it subscribed history, and what closed meanwhile backfill', () => {
    const { recipient, seen } = warm({ until$: () => of(...range(8, 12)) });
    recipient.begin(12 * MINUTE, 10 * MINUTE);
    recipient.warmUp();
    recipient.take(candle(12));
    expect(seen.map(({ source }) => source)).toEqual(['history', 'history', 'backfill', 'backfill', 'stream']);
  });

  it('reads its past once, however often it may', () => {
    const { recipient, asked } = warm({ until$: () => NEVER });
    recipient.begin(10 * MINUTE, 10 * MINUTE);
    recipient.warmUp();
    recipient.warmUp();
    expect(asked).toHaveLength(1);
  });

  it('may begin later than now: nothing before that is live', () => {
    const { recipient } = warm({ liveFrom: () => 20 * MINUTE });
    recipient.begin(10 * MINUTE, 10 * MINUTE);
    expect(recipient.from).toBe(20 * MINUTE);
  });

  it('keeps the order though a handler makes more candles close', () => {
    const past = new Subject<Candle>();
    const { recipient, seen, subscriber } = warm({ until$: () => past });
    recipient.begin(10 * MINUTE, 10 * MINUTE);
    recipient.warmUp();
    recipient.take(candle(10));
    recipient.take(candle(11));
    const original = subscriber.next.bind(subscriber);
    subscriber.next = (given: Candle) => {
      original(given);
      if (given.timestamp === 10 * MINUTE) recipient.take(candle(12));
    };
    past.complete();
    expect(minutes(seen)).toEqual([10, 11, 12]);
  });

  it('that falls far behind reads again what it could not keep, without a hole', () => {
    const past = new Subject<Candle>();
    const next = 10 + MAX_QUEUED + 5;
    const { recipient, seen, asked } = warm(
      { until$: () => past, between$: (from, before) => of(...range(from / MINUTE, before / MINUTE)) },
      () => next * MINUTE,
    );
    recipient.begin(10 * MINUTE, 10 * MINUTE);
    recipient.warmUp();
    for (let minute = 10; minute < 10 + MAX_QUEUED; minute += 1) recipient.take(candle(minute));
    expect(recipient.from).toBe(10 * MINUTE);
    // From now on it keeps none.
    for (let minute = 10 + MAX_QUEUED; minute < next; minute += 1) recipient.take(candle(minute));
    past.complete();
    expect(recipient.from).toBe(next * MINUTE);
    expect(asked).toEqual(['until 10', `between 10 ${String(next)}`]);
    recipient.take(candle(next));
    expect(minutes(seen)).toEqual(minutes(range(10, next + 1)));
  });

  it('completes after its past, though the series ended before that was read', () => {
    const past = new Subject<Candle>();
    const { recipient, seen, end } = warm({ until$: () => past });
    recipient.begin(10 * MINUTE, 10 * MINUTE);
    recipient.warmUp();
    recipient.take(candle(10));
    recipient.complete();
    expect(end).toEqual({});
    past.next(candle(9));
    past.complete();
    expect(minutes(seen)).toEqual([9, 10]);
    expect(end).toEqual({ completed: true });
  });

  it('fails with what its past fails with, and its own last candle', () => {
    const past = new Subject<Candle>();
    const { recipient, end } = warm({ until$: () => past });
    recipient.begin(10 * MINUTE, 10 * MINUTE);
    recipient.warmUp();
    past.next(candle(7));
    past.error(new GeoBlockedError('https://example.test'));
    expect(end.error).toBeInstanceOf(GeoBlockedError);
    expect(end.error).toMatchObject({ lastTimestamp: 7 * MINUTE });
    const broken = warm({ until$: () => throwError(() => new GeoBlockedError('x')) });
    broken.recipient.begin(0, 0);
    broken.recipient.warmUp();
    expect(broken.end.error).toMatchObject({ lastTimestamp: undefined });
  });

  it('stops reading when nobody waits for it any more', () => {
    const past = new Subject<Candle>();
    const { recipient, subscriber } = warm({ until$: () => past });
    recipient.begin(10 * MINUTE, 10 * MINUTE);
    recipient.warmUp();
    subscriber.unsubscribe();
    expect(past.observed).toBe(false);
  });
});
