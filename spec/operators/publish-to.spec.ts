import { of, Subject, Subscription, take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Candle } from '../../src/core/candle.ts';
import { EventBus } from '../../src/feed/event-bus.ts';
import { publishTo } from '../../src/operators/publish-to.ts';
import { candle } from '../support/candle.ts';
import { marbles } from '../support/marbles.ts';

const series = Object.fromEntries([1, 2, 3].map((minute) => [minute, candle(minute)]));

describe('publishTo', () => {
  marbles('passes candles and the end through', ({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('  -1-23|', series);
    const subscribed = '   ^----!';
    const expected = '     -1-23|';
    expectObservable(source.pipe(publishTo(new EventBus()))).toBe(expected, series);
    expectSubscriptions(source.subscriptions).toBe(subscribed);
  });

  marbles('passes an error through', ({ cold, expectObservable }) => {
    expectObservable(cold('-1-#', series).pipe(publishTo(new EventBus()))).toBe('-1-#', series);
  });

  marbles('is silent over silence', ({ cold, expectObservable }) => {
    expectObservable(cold<Candle>('-').pipe(publishTo(new EventBus()))).toBe('-');
    expectObservable(cold<Candle>('|').pipe(publishTo(new EventBus()))).toBe('|');
  });

  marbles('leaves the source when it is left', ({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('  -1-2-3-', series);
    const left = '         ^---!';
    const expected = '     -1-2-';
    expectObservable(source.pipe(publishTo(new EventBus())), left).toBe(expected, series);
    expectSubscriptions(source.subscriptions).toBe(left);
  });

  it('tells the bus each candle once, with its symbol and interval', () => {
    const bus = new EventBus();
    const heard: unknown[] = [];
    bus.events$.subscribe((event) => heard.push(event));
    of(candle(1), candle(2)).pipe(publishTo(bus)).subscribe();
    expect(heard).toEqual([1, 2].map((minute) => ({
      type: 'CANDLE_CLOSED', venue: candle(minute).venue, symbol: 'BTCUSDT', interval: '1m', candle: candle(minute),
    }))); // prettier-ignore
  });

  it('keeps the order on the bus when a subscriber makes the source emit', () => {
    const bus = new EventBus();
    const heard: number[] = [];
    bus.on('CANDLE_CLOSED').subscribe((event) => heard.push(event.candle.timestamp));
    const source$ = new Subject<Candle>();
    source$.pipe(publishTo(bus), take(2)).subscribe((received) => {
      if (received.timestamp === candle(1).timestamp) source$.next(candle(2));
    });
    source$.next(candle(1));
    expect(heard).toEqual([candle(1).timestamp, candle(2).timestamp]);
  });

  it('passes the candle on although a listener of the bus leaves it', () => {
    const bus = new EventBus();
    const received: Candle[] = [];
    const listening = new Subscription();
    listening.add(bus.events$.subscribe(() => listening.unsubscribe()));
    of(candle(1), candle(2)).pipe(publishTo(bus)).subscribe((value) => received.push(value)); // prettier-ignore
    expect(received).toEqual([candle(1), candle(2)]);
  });
});
