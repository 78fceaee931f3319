import { NEVER, Observable, Subject, of, throwError } from 'rxjs';
import { expect, it } from 'vitest';
import { ConfigError } from '../src/core/errors.ts';
import { EventBus } from '../src/feed/event-bus.ts';
import type { Feed } from '../src/feed/feed.ts';
import type { FeedStatus } from '../src/core/status.ts';
import { LazyFeed } from '../src/lazy-feed.ts';
import { candle } from './support/candle.ts';
import { VirtualClock } from './support/virtual-clock.ts';

/** A feed of one candle, which tells what it is asked. */
function rig(open$: Observable<unknown> = of(0)) {
  const asked: unknown[] = [];
  const state = { opened: 0, closed: 0, released: 0 };
  const one: Partial<Feed> = {
    closedCandles$: (symbol, interval, options) => {
      asked.push([symbol, interval, Object.getOwnPropertySymbols(options ?? {}).map((key) => (options as Record<symbol, unknown>)[key])]); // prettier-ignore
      return of(candle(1));
    },
    symbols: () => Promise.resolve([]),
    status$: NEVER,
    close: () => Promise.resolve(void (state.closed += 1)),
  };
  const opening$ = new Observable<Feed>((subscriber) => {
    state.opened += 1;
    return open$.subscribe({ next: () => { subscriber.next(one as Feed); subscriber.complete(); }, error: (error: unknown) => subscriber.error(error) }); // prettier-ignore
  });
  const clock = new VirtualClock();
  const release = () => void (state.released += 1);
  const feed = new LazyFeed({ venue: 'ccxt:kraken', bus: new EventBus(), scheduler: clock, open$: opening$, release });
  return { feed, asked, state, clock };
}

it('is opened by the first who needs it, once, and knows when each of them subscribed', () => {
  const open$ = new Subject<void>();
  const { feed, asked, state, clock } = rig(open$);
  expect(state.opened).toBe(0);
  const got: number[] = [];
  feed.closedCandles$('A', '1m').subscribe(({ timestamp }) => got.push(timestamp));
  clock.advance(70);
  feed.closedCandles$('B', '1m').subscribe(({ timestamp }) => got.push(timestamp));
  clock.advance(500);
  expect(got).toEqual([]);
  open$.next();
  feed.closedCandles$('C', '1m').subscribe();
  expect(asked).toEqual([['A', '1m', [0]], ['B', '1m', [70]], ['C', '1m', [570]]]); // prettier-ignore
  expect([got.length, state.opened]).toEqual([2, 1]);
});

it('is not opened any further when nobody waits for it', () => {
  const open$ = new Subject<void>();
  const { feed, state } = rig(open$);
  feed.closedCandles$('A', '1m').subscribe().unsubscribe();
  expect(open$.observed).toBe(false);
  feed.closedCandles$('A', '1m').subscribe();
  expect(state.opened).toBe(2);
});

it('tells those who wait why it cannot be opened, and tries again for the next', () => {
  const problem = new ConfigError(['venue: no']);
  const { feed, state } = rig(throwError(() => problem));
  const errors: unknown[] = [];
  for (const error of [1, 2])
    feed.closedCandles$('A', '1m').subscribe({ error: (it: unknown) => errors.push(error, it) });
  expect(errors).toEqual([1, problem, 2, problem]);
  expect(state.opened).toBe(2);
});

it('ends those who wait when it is closed, and refuses who comes later', async () => {
  const { feed, state } = rig(NEVER);
  let completed = false;
  feed.closedCandles$('A', '1m').subscribe({ complete: () => (completed = true) });
  const symbols = feed.symbols();
  const statuses: boolean[] = [];
  feed.status$.subscribe(({ closed }) => statuses.push(closed));
  await feed.close();
  expect(completed).toBe(true);
  await expect(symbols).rejects.toMatchObject({ code: 'FEED_CLOSED' });
  await expect(feed.symbols()).rejects.toMatchObject({ code: 'FEED_CLOSED' });
  expect(statuses).toEqual([false, true]);
  expect(state).toMatchObject({ closed: 0, released: 1 });
});

it('closes what it has opened', async () => {
  const { feed, state } = rig();
  expect(await feed.symbols()).toEqual([]);
  await feed.close();
  await feed.close();
  expect(state).toMatchObject({ opened: 1, closed: 1, released: 1 });
});

it('says what is waited for where it cannot be opened for long', () => {
  const { feed, clock } = rig(NEVER);
  const waits = () => {
    const seen: FeedStatus[] = [];
    feed.status$.subscribe((status) => seen.push(status)).unsubscribe();
    return seen.map((status) => [status.venue, status.waits.map(({ what, waitedMs }) => [what, waitedMs])]);
  };
  clock.advance(60_000);
  expect(waits()).toEqual([['ccxt:kraken', []]]);
  feed.closedCandles$('A', '1m').subscribe();
  clock.advance(9000);
  expect(waits()).toEqual([['ccxt:kraken', []]]);
  clock.advance(6000);
  expect(waits()).toEqual([['ccxt:kraken', [['symbol list', 15_000]]]]);
});
