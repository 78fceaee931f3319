import { finalize, map, mergeMap, of, Subscription, take, throwError } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventType, type Connected, type FeedEvent, type FrameRejected } from '../../src/core/events.ts';
import { EventBus } from '../../src/feed/event-bus.ts';

const venue = 'binance-usdm';
const connected = (connection: number): Connected => ({ type: 'CONNECTED', venue, connection, url: 'ws://127.0.0.1' });
const rejected = (reason: string): FrameRejected => ({ type: 'FRAME_REJECTED', venue, reason, excerpt: '' });
const labelOf = (event: FeedEvent) =>
  event.type === 'CONNECTED' ? event.connection : event.type === 'FRAME_REJECTED' ? event.reason : event.type;

describe('EventBus', () => {
  const subscriptions = new Subscription();
  const uncaught: unknown[] = [];
  const standing = process.listeners('uncaughtException');

  /** RxJS reports a throwing handler as an uncaught exception, a moment later. */
  beforeEach(() => {
    uncaught.length = 0;
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => uncaught.push(error));
  });
  afterEach(() => {
    process.removeAllListeners('uncaughtException');
    for (const listener of standing) process.on('uncaughtException', listener);
  });

  const listen = (bus: EventBus) => {
    const heard: unknown[] = [];
    subscriptions.add(bus.events$.subscribe((event) => heard.push(labelOf(event))));
    return heard;
  };
  const aMoment = () => new Promise((resolve) => setTimeout(resolve, 20));

  it('brings every event to every listener, in order', () => {
    const bus = new EventBus();
    const [first, second] = [listen(bus), listen(bus)];
    bus.publish(connected(1));
    bus.publish(rejected('noise'));
    expect(first).toEqual([1, 'noise']);
    expect(second).toEqual(first);
  });

  it('brings the events of one type to those who asked for it', () => {
    const bus = new EventBus();
    const urls: string[] = [];
    bus.on(EventType.CONNECTED).subscribe((event) => urls.push(event.url));
    bus.publish(rejected('noise'));
    bus.publish(connected(1));
    expect(urls).toEqual(['ws://127.0.0.1']);
  });

  it('keeps nothing for those who come later', () => {
    const bus = new EventBus();
    bus.publish(connected(1));
    const heard = listen(bus);
    bus.publish(connected(2));
    expect(heard).toEqual([2]);
  });

  it('lets a handler publish without disturbing the order of anybody', () => {
    const bus = new EventBus();
    const heardOfType: unknown[] = [];
    const before = listen(bus);
    bus.on('CONNECTED').subscribe((event) => {
      heardOfType.push(event.connection);
      if (event.connection < 3) {
        bus.publish(connected(event.connection + 1));
        bus.publish(rejected(`after ${event.connection}`));
      }
    });
    const after = listen(bus);
    bus.publish(connected(1));
    expect(before).toEqual([1, 2, 'after 1', 3, 'after 2']);
    expect(after).toEqual(before);
    expect(heardOfType).toEqual([1, 2, 3]);
  });

  it('lets a chain of 100,000 publications run without deepening the stack', () => {
    const bus = new EventBus();
    bus.on('CONNECTED').subscribe(({ connection }) => {
      if (connection < 100_000) bus.publish(connected(connection + 1));
    });
    const heard = listen(bus);
    bus.publish(connected(1));
    expect(heard).toHaveLength(100_000);
  });

  it('reports a handler that throws, and serves everybody else and the next event', async () => {
    const bus = new EventBus();
    const before = listen(bus);
    bus.events$.subscribe(() => {
      throw new Error('handler broke');
    });
    const after = listen(bus);
    bus.publish(connected(1));
    bus.publish(connected(2));
    await aMoment();
    expect(before).toEqual([1, 2]);
    expect(after).toEqual([1, 2]);
    expect(uncaught.map(String)).toEqual(['Error: handler broke', 'Error: handler broke']);
  });

  it.each([
    ['map', map((): unknown => JSON.parse('{'))],
    ['mergeMap', mergeMap(() => throwError(() => new SyntaxError('inner')))],
  ])('loses only the listener whose %s throws', async (_, breaking) => {
    const bus = new EventBus();
    const before = listen(bus);
    bus.events$.pipe(breaking).subscribe();
    const after = listen(bus);
    bus.publish(connected(1));
    bus.publish(connected(2));
    await aMoment();
    expect(before).toEqual([1, 2]);
    expect(after).toEqual([1, 2]);
    expect(uncaught).toHaveLength(1);
    expect(uncaught[0]).toBeInstanceOf(SyntaxError);
  });

  it('brings the event to everybody although an operator of a listener throws, and its finalize too', async () => {
    const bus = new EventBus();
    const before = listen(bus);
    const broken$ = bus.events$.pipe(
      map((): unknown => JSON.parse('{')),
      finalize(() => {
        throw new Error('finalize broke');
      }),
    );
    broken$.subscribe({ error: () => bus.publish(connected(2)) });
    const after = listen(bus);
    const ofType: unknown[] = [];
    bus.on('CONNECTED').subscribe(({ connection }) => ofType.push(connection));
    bus.publish(connected(1));
    bus.publish(connected(3));
    await aMoment();
    expect([before, after, ofType]).toEqual(Array(3).fill([1, 2, 3]));
    expect(uncaught.map(String)).toEqual([expect.stringContaining('finalize broke')]);
  });

  it('lets handlers unsubscribe themselves and others while being notified', () => {
    const bus = new EventBus();
    const once: unknown[] = [];
    const doomed: unknown[] = [];
    const before = listen(bus);
    const self = bus.events$.subscribe((event) => {
      once.push(labelOf(event));
      self.unsubscribe();
      other.unsubscribe();
    });
    const other = bus.events$.subscribe((event) => doomed.push(labelOf(event)));
    const after = listen(bus);
    bus.publish(connected(1));
    bus.publish(connected(2));
    expect([once, doomed]).toEqual([[1], []]);
    expect([before, after]).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  it('lets a handler subscribe while being notified: from the next event on', () => {
    const bus = new EventBus();
    let late: unknown[] = [];
    bus.on('CONNECTED').pipe(take(1)).subscribe(() => (late = listen(bus))); // prettier-ignore
    bus.publish(connected(1));
    bus.publish(connected(2));
    expect(late).toEqual([2]);
  });

  it('goes on after a listener fed it to its end', () => {
    const bus = new EventBus();
    const heard = listen(bus);
    of(connected(1), connected(2)).subscribe((event) => bus.publish(event));
    bus.publish(connected(3));
    expect(heard).toEqual([1, 2, 3]);
  });

  it('publishes for next to nothing when nobody listens', () => {
    const bus = new EventBus();
    bus.on('CANDLE_CLOSED').subscribe().unsubscribe();
    bus.on('CONNECTED').subscribe();
    const event = rejected('noise');
    const started = process.hrtime.bigint();
    for (let round = 0; round < 1_000_000; round++) bus.publish(event);
    // About 10 ns each here; the bound is for slow and busy machines.
    expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(1000);
  });
});
