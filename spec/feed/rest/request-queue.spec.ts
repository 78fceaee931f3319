import {
  defer,
  finalize,
  map,
  mergeMap,
  NEVER,
  of,
  tap,
  throwError,
  timer,
  VirtualTimeScheduler,
  type Observable,
} from 'rxjs';
import { describe, expect, it } from 'vitest';
import { SHORTEST_LENGTH_MS, type Interval } from '../../../src/core/interval.ts';
import type { Cost, RateLimit } from '../../../src/core/rate-limit.ts';
import { RateLimits } from '../../../src/feed/rest/rate-limits.ts';
import { RequestQueue, type Answered } from '../../../src/feed/rest/request-queue.ts';
import { MarketDataError, type Reply } from '../../../src/ports/market-data.ts';

/** Virtual time 0 at the exchange. */
const HALF_PAST_NOON = Date.UTC(2026, 10, 22, 12, 0, 30);
/** 30 s to the next minute, and the doubt about our clock. */
const NEXT_MINUTE = 30_250;

type Answer = (name: string, bench: Bench) => Observable<Answered<unknown>>;
type Gate = ReturnType<Bench['gateOver']>;

const reply = (weight?: number): Answered<unknown> => ({
  value: [],
  ...(weight !== undefined && { usage: { weight } }),
});
const minute = (limit: number, name = 'weight'): RateLimit => ({ name, limit, windowMs: 60_000, window: 'fixed' });
const quick: Answer = (_, bench) => bench.after(10);
const failing = (failure: MarketDataError['failure'], retryAfterMs?: number) =>
  throwError(() => new MarketDataError(failure, failure, { retryAfterMs }));

/** A queue over requests that are answered as told, in virtual time; it notes what was sent, answered and aborted when. */
class Bench {
  readonly scheduler = new VirtualTimeScheduler();
  readonly sent: string[] = [];
  readonly aborted: string[] = [];
  readonly answered: string[] = [];
  readonly limits: RateLimits;
  readonly gate: Gate;
  offset = HALF_PAST_NOON;
  inFlight = 0;
  mostInFlight = 0;

  /** `usable` is the weight per minute that may be used: nine tenths of the exchange's limit. */
  constructor(
    readonly answer: Answer = quick,
    usable = 90_000,
  ) {
    this.limits = this.limited([minute(Math.ceil(usable / 0.9))]);
    this.gate = this.gateOver('');
  }

  limited(limits: readonly RateLimit[]): RateLimits {
    return new RateLimits({ limits, scheduler: this.scheduler, exchangeNow: () => this.scheduler.now() + this.offset });
  }

  /** Three kinds of requests to a host of its own, or through the queue of another. */
  gateOver(host: string, queue = new RequestQueue({ scheduler: this.scheduler })) {
    const ask$ = (name: string, priority: number, weight: number) =>
      this.ask$(queue, host + name, { priority, cost: { weight } });
    return {
      queue,
      serverTime$: (priority = 0) => ask$('time', priority, 1),
      symbols$: (priority = 1) => ask$('symbols', priority, 20),
      klines$: (
        { symbol, interval, limit }: { symbol: string; interval: Interval; limit: number },
        priority?: number,
      ) => ask$(symbol, priority ?? SHORTEST_LENGTH_MS[interval], limit < 100 ? 1 : 2),
      snapshot: () => ({
        ...queue.counts,
        usedWeight: this.limits.uses[0]?.used,
        pausedUntil: this.limits.pausedUntil,
      }),
    };
  }

  ask$(queue: RequestQueue, name: string, how: { priority?: number; cost: Cost; limits?: RateLimits }) {
    const send$ = () => this.#request$(name);
    return queue.request$({ limits: this.limits, priority: 0, ...how, send$ });
  }

  after(ms: number, weight?: number): Observable<Answered<unknown>> {
    return timer(ms, this.scheduler).pipe(map(() => reply(weight)));
  }

  ask(
    symbol: string,
    { interval = '1m', limit = 1, gate = this.gate }: { interval?: Interval; limit?: number; gate?: Gate } = {},
  ) {
    return this.watch(symbol, gate.klines$({ symbol, interval, limit }));
  }

  watch(name: string, reply$: Observable<unknown>) {
    const note = (what: string) => this.answered.push(`${name} ${what} at ${this.scheduler.now()}`);
    return reply$.subscribe({
      next: () => note('good'),
      error: (error: unknown) => note(error instanceof MarketDataError ? error.failure : 'broken'),
    });
  }

  /** Runs virtual time until nothing is left to happen, or for `ms`. */
  run(ms = Infinity): void {
    this.scheduler.maxFrames = this.scheduler.frame + ms;
    this.scheduler.flush();
  }

  /** Timers that are waiting. */
  get timers(): number {
    return this.scheduler.actions.filter((action) => !action.closed).length;
  }

  #request$(name: string): Observable<Answered<unknown>> {
    return defer(() => {
      this.sent.push(`${name} at ${this.scheduler.now()}`);
      this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight);
      return this.answer(name, this);
    }).pipe(
      tap({ unsubscribe: () => this.aborted.push(name) }),
      finalize(() => (this.inFlight -= 1)),
    );
  }
}

describe('requests', () => {
  it('go out at once while there is room', () => {
    const bench = new Bench();
    bench.ask('A');
    bench.ask('B');
    expect(bench.sent).toEqual(['A at 0', 'B at 0']);
    bench.run();
    expect(bench.answered).toEqual(['A good at 10', 'B good at 10']);
  });

  it('are one per subscription, none before', () => {
    const bench = new Bench();
    const time$ = bench.gate.serverTime$();
    expect(bench.sent).toEqual([]);
    bench.watch('time', time$);
    bench.watch('time', time$);
    expect(bench.sent).toEqual(['time at 0', 'time at 0']);
  });

  it('are six under way at most', () => {
    const bench = new Bench();
    for (let i = 0; i < 20; i += 1) bench.ask(`S${i}`);
    expect(bench.gate.snapshot()).toMatchObject({ inFlight: 6, queued: 14 });
    bench.run();
    expect(bench.mostInFlight).toBe(6);
    expect(bench.sent.slice(-2)).toEqual(['S18 at 30', 'S19 at 30']);
    expect(bench.gate.snapshot()).toMatchObject({ inFlight: 0, queued: 0 });
  });

  it('wait in order: time, symbols, then the shortest interval, then who asked first', () => {
    const bench = new Bench();
    for (let i = 0; i < 6; i += 1) bench.ask('first');
    bench.ask('hour', { interval: '1h' });
    bench.ask('minute');
    bench.ask('second', { interval: '1s' });
    bench.ask('minute again');
    bench.watch('symbols', bench.gate.symbols$());
    bench.watch('time', bench.gate.serverTime$());
    bench.watch('told', bench.gate.klines$({ symbol: 'told', interval: '1s', limit: 1 }, 1e12));
    bench.run();
    const order = ['time', 'symbols', 'second', 'minute', 'minute again', 'hour', 'told'];
    expect(bench.sent.slice(6)).toEqual(order.map((name, index) => `${name} at ${index < 6 ? 10 : 20}`));
  });

  it('that hang hold back nobody but one place', () => {
    const bench = new Bench((name, self) => (name === 'hangs' ? NEVER : self.after(10)));
    bench.ask('hangs');
    for (let i = 0; i < 10; i += 1) bench.ask(`S${i}`);
    bench.run(100);
    expect(bench.answered.map((line) => line.split(' ')[0])).toEqual([
      'S0',
      'S1',
      'S2',
      'S3',
      'S4',
      'S5',
      'S6',
      'S7',
      'S8',
      'S9',
    ]);
    expect(bench.answered.at(-1)).toBe('S9 good at 20');
  });

  it('may be asked from within an answer', () => {
    const bench = new Bench(() => of(reply()));
    const again = (left: number): void =>
      void bench.gate.serverTime$().subscribe({ complete: () => (left > 0 ? again(left - 1) : undefined) });
    again(20);
    expect(bench.sent).toHaveLength(21);
    expect(bench.gate.snapshot()).toMatchObject({ inFlight: 0, queued: 0 });
  });

  it('that fail do so at once, and free their place', () => {
    const bench = new Bench((name, self) => (name === 'A' ? failing('server') : self.after(10)));
    bench.ask('A');
    bench.ask('B');
    expect(bench.answered).toEqual(['A server at 0']);
    expect(bench.gate.snapshot()).toMatchObject({ inFlight: 1, pausedUntil: null });
  });
});

describe('a request on a socket that the exchange had just hung up', () => {
  const stale = () => throwError(() => new MarketDataError('network', 'reset', { onStaleSocket: true }));
  const staleFor = (times: number): Answer => {
    let left = times;
    return (name, self) => (name === 'A' && left-- > 0 ? self.after(5).pipe(mergeMap(stale)) : self.after(10));
  };

  it('is sent again at once, until a socket is new, and whoever asked does not notice', () => {
    const bench = new Bench(staleFor(3));
    bench.ask('A');
    bench.run();
    expect(bench.sent).toEqual(['A at 0', 'A at 5', 'A at 10', 'A at 15']);
    expect(bench.answered).toEqual(['A good at 25']);
    expect(bench.gate.snapshot()).toMatchObject({ inFlight: 0, queued: 0, usedWeight: 4 });
  });

  it('waits its turn: for a place, and for what is more urgent', () => {
    const bench = new Bench(staleFor(1));
    bench.ask('A');
    for (let i = 0; i < 5; i += 1) bench.ask('first');
    bench.ask('second', { interval: '1s' });
    bench.run();
    expect(bench.sent.slice(6)).toEqual(['second at 5', 'A at 10']);
  });

  it('is not sent again while the exchange forbids it, which it said after the first time', () => {
    const banned: Answer = (name, self) => self.after(2).pipe(mergeMap(() => failing('banned', 1000)));
    const answer = staleFor(1);
    const bench = new Bench((name, self) => (name === 'A' ? answer : banned)(name, self));
    bench.ask('A');
    bench.ask('B');
    bench.run();
    expect(bench.sent).toEqual(['A at 0', 'B at 0', 'A at 1002']);
    expect(bench.answered).toEqual(['B banned at 2', 'A good at 1012']);
  });

  it('is not sent again for nobody', () => {
    const bench = new Bench((name, self) => (name === 'B' ? failing('banned', 1000) : staleFor(1)(name, self)));
    const ask = bench.ask('A');
    bench.ask('B');
    bench.run(100);
    expect(bench.gate.snapshot()).toMatchObject({ inFlight: 0, queued: 1 });
    ask.unsubscribe();
    expect(bench.gate.snapshot()).toMatchObject({ inFlight: 0, queued: 0 });
    expect(bench.timers).toBe(0);
  });
});

describe('unsubscribing', () => {
  it('takes a waiting request out of the queue', () => {
    const bench = new Bench();
    for (let i = 0; i < 6; i += 1) bench.ask('first');
    const waiting = bench.ask('unwanted');
    bench.ask('wanted');
    waiting.unsubscribe();
    expect(bench.gate.snapshot()).toMatchObject({ queued: 1 });
    bench.run();
    expect(bench.sent.slice(6)).toEqual(['wanted at 10']);
  });

  it('aborts a request under way, and the next takes its place', () => {
    const bench = new Bench(() => NEVER);
    const first = bench.ask('first');
    for (let i = 0; i < 6; i += 1) bench.ask(`S${i}`);
    expect(bench.sent).toHaveLength(6);
    first.unsubscribe();
    expect(bench.aborted).toEqual(['first']);
    expect(bench.sent.at(-1)).toBe('S5 at 0');
  });

  it('of everything leaves no timer, spent budget and ban or not', () => {
    const bench = new Bench((name, self) => (name === 'banned' ? failing('banned') : self.after(10)), 2);
    const asks = ['A', 'B', 'C'].map((name) => bench.ask(name));
    bench.run(10);
    expect(bench.timers).toBe(1);
    for (const ask of asks) ask.unsubscribe();
    expect(bench.timers).toBe(0);
    bench.limits.applyBackoff(new MarketDataError('banned', ''), {});
    const waiting = bench.ask('D');
    expect(bench.timers).toBe(1);
    waiting.unsubscribe();
    expect(bench.timers).toBe(0);
  });
});

describe('the weight of a minute', () => {
  it('is not exceeded: what does not fit waits for the exchange to begin the next minute, with one timer', () => {
    const bench = new Bench(quick, 5);
    for (let i = 0; i < 8; i += 1) bench.ask(`S${i}`, { limit: 100 });
    bench.run(1000);
    expect(bench.sent).toEqual(['S0 at 0', 'S1 at 0']);
    expect(bench.timers).toBe(1);
    bench.run();
    expect(bench.sent.map((line) => line.split(' at ')[1])).toEqual(
      [0, 0, NEXT_MINUTE, NEXT_MINUTE, NEXT_MINUTE + 60_000, NEXT_MINUTE + 60_000, NEXT_MINUTE + 120_000, NEXT_MINUTE + 120_000].map(String),
    );
  }); // prettier-ignore

  it('is what the exchange says when that is more', () => {
    const bench = new Bench((_, self) => self.after(10, 5), 5);
    bench.ask('A');
    bench.run(10);
    expect(bench.gate.snapshot().usedWeight).toBe(5);
    bench.ask('B');
    bench.run();
    expect(bench.sent).toEqual(['A at 0', `B at ${NEXT_MINUTE}`]);
  });

  it('counts requests that failed', () => {
    const bench = new Bench(() => failing('refused'), 2);
    for (const name of ['A', 'B', 'C']) bench.ask(name);
    expect(bench.sent).toEqual(['A at 0', 'B at 0']);
    expect(bench.gate.snapshot()).toMatchObject({ usedWeight: 2, queued: 1 });
  });

  it('is shared by two hosts with one budget, which have six places each', () => {
    const bench = new Bench(() => NEVER, 13);
    const coinm = bench.gateOver('coinm ');
    for (let i = 0; i < 10; i += 1) bench.ask(`S${i}`);
    for (let i = 0; i < 10; i += 1) bench.ask(`S${i}`, { gate: coinm });
    expect(bench.inFlight).toBe(12);
    const spent = new Bench(quick, 3);
    for (let i = 0; i < 2; i += 1) spent.ask(`S${i}`);
    for (let i = 0; i < 2; i += 1) spent.ask(`S${i}`, { gate: spent.gateOver('coinm ') });
    spent.run(1000);
    expect(spent.sent).toEqual(['S0 at 0', 'S1 at 0', 'coinm S0 at 0']);
    expect(spent.gate.snapshot().usedWeight).toBe(3);
  });

  it('lets a request through that is heavier than the whole limit, alone in its minute', () => {
    const bench = new Bench(quick, 10);
    bench.watch('symbols', bench.gate.symbols$());
    bench.ask('A');
    bench.run();
    expect(bench.sent).toEqual(['symbols at 0', `A at ${NEXT_MINUTE}`]);
  });

  it('is kept when the clock is found to be wrong by an hour', () => {
    const bench = new Bench(quick, 2);
    for (const name of ['A', 'B', 'C']) bench.ask(name);
    bench.offset -= 3_600_000;
    bench.run();
    expect(bench.sent.at(-1)).toBe(`C at ${NEXT_MINUTE}`);
  });
});

describe('a pause', () => {
  it.each<[MarketDataError['failure'], number | undefined, number]>([
    ['banned', 120_000, 120_000],
    ['banned', undefined, 60_000],
    ['rate limited', 7000, 7000],
    ['rate limited', undefined, NEXT_MINUTE],
  ])('after %s with Retry-After %s ms: nothing is sent for %i ms', (failure, retryAfterMs, pause) => {
    const bench = new Bench((name, self) => (name === 'A' ? failing(failure, retryAfterMs) : self.after(10)));
    bench.ask('A');
    bench.ask('B');
    bench.watch('time', bench.gate.serverTime$());
    expect(bench.answered).toEqual([`A ${failure} at 0`]);
    expect(bench.gate.snapshot()).toMatchObject({ pausedUntil: HALF_PAST_NOON + pause, queued: 2, inFlight: 0 });
    bench.run();
    expect(bench.sent).toEqual(['A at 0', `time at ${pause}`, `B at ${pause}`]);
    expect(bench.gate.snapshot().pausedUntil).toBeNull();
  });

  it.each<MarketDataError['failure']>(['server', 'timeout', 'network', 'refused', 'malformed', 'geo-blocked'])(
    'is not made after %s',
    (failure) => {
      const bench = new Bench((name, self) => (name === 'A' ? failing(failure) : self.after(10)));
      bench.ask('A');
      bench.ask('B');
      expect(bench.sent).toEqual(['A at 0', 'B at 0']);
    },
  );

  it('is not shortened by a later, shorter one, nor by a clock that is set forward', () => {
    const pauses = [120_000, 5000];
    const bench = new Bench((name, self) =>
      name === 'B' ? quick(name, self) : timer(10, self.scheduler).pipe(map(() => { throw new MarketDataError('banned', '', { retryAfterMs: pauses.shift() }); })),
    ); // prettier-ignore
    bench.ask('A');
    bench.ask('A');
    bench.run(10);
    bench.offset += 3_600_000;
    bench.ask('B');
    bench.run();
    expect(bench.sent.at(-1)).toBe('B at 120010');
  });

  it('holds for the other host of the budget too', () => {
    const bench = new Bench(() => failing('banned', 9000));
    bench.ask('A');
    bench.ask('B', { gate: bench.gateOver('coinm ') });
    bench.run();
    expect(bench.sent).toEqual(['A at 0', 'coinm B at 9000']);
  });

  it('does not end requests under way', () => {
    const bench = new Bench((name, self) => (name === 'A' ? failing('banned') : self.after(500)));
    bench.ask('B');
    bench.ask('A');
    bench.run(1000);
    expect(bench.answered).toEqual(['A banned at 0', 'B good at 500']);
  });

  it('is in force when the one who asked asks again at once', () => {
    const bench = new Bench(() => failing('banned', 1000));
    bench.gate.serverTime$().subscribe({ error: () => bench.ask('again') });
    expect(bench.sent).toEqual(['time at 0']);
    bench.run();
    expect(bench.sent).toEqual(['time at 0', 'again at 1000']);
  });
});

describe('a reply', () => {
  it('says when it was sent and received, however long it waited in the queue', () => {
    const bench = new Bench();
    const replies: Reply<unknown>[] = [];
    for (let i = 0; i < 6; i += 1) bench.ask('first');
    bench.gate.serverTime$().subscribe((one) => replies.push(one));
    bench.run();
    expect(replies).toEqual([{ value: [], sentAt: 10, receivedAt: 20 }]);
  });

  it('has times of its own for each time it is asked for', () => {
    const bench = new Bench();
    const seen: number[] = [];
    const time$ = bench.gate.serverTime$();
    time$.subscribe(({ sentAt }) => seen.push(sentAt));
    bench.run(7);
    bench.scheduler.frame = 7;
    time$.subscribe(({ sentAt }) => seen.push(sentAt));
    bench.run();
    expect(seen).toEqual([0, 7]);
  });
});

describe('one host asked by two feeds', () => {
  it('has six places for both, and one order', () => {
    const bench = new Bench();
    const other = bench.gateOver('other ', bench.gate.queue);
    for (let i = 0; i < 5; i += 1) bench.ask(`S${i}`);
    for (let i = 0; i < 5; i += 1) bench.ask(`S${i}`, { gate: other });
    bench.watch('time', other.serverTime$());
    expect(bench.inFlight).toBe(6);
    bench.run();
    expect(bench.mostInFlight).toBe(6);
    expect(bench.sent.slice(6)[0]).toBe('other time at 10');
  });

  it('is asked for the one budget while the other is banned', () => {
    const bench = new Bench();
    const limits = bench.limited([minute(100)]);
    const { queue } = bench.gate;
    bench.limits.applyBackoff(new MarketDataError('banned', '', { retryAfterMs: 5000 }), {});
    bench.ask('banned');
    bench.watch('free', bench.ask$(queue, 'free', { cost: { weight: 1 }, limits, priority: 1e9 }));
    bench.run();
    expect(bench.sent).toEqual(['free at 0', 'banned at 5000']);
  });
});

describe('limits of several names', () => {
  const perTwoSeconds = (name: string, limit: number): RateLimit => ({
    name,
    limit,
    windowMs: 2000,
    window: 'sliding',
  });

  it('hold back only the requests that name them', () => {
    const bench = new Bench();
    const limits = bench.limited([perTwoSeconds('candles', 4), perTwoSeconds('history', 2)]);
    const ask = (name: string) =>
      bench.watch(name, bench.ask$(bench.gate.queue, name, { cost: { [name]: 1 }, limits }));
    for (const name of ['history', 'history', 'history', 'candles', 'candles', 'candles', 'candles']) ask(name);
    bench.run();
    expect(bench.sent).toEqual([
      'history at 0', 'candles at 0', 'candles at 0', 'candles at 0', 'history at 2010', 'candles at 2010', 'history at 4020',
    ]); // prettier-ignore
  });

  it('are all kept by a request that names two', () => {
    const bench = new Bench();
    const limits = bench.limited([perTwoSeconds('a', 100), minute(2, 'b')]);
    const both = { cost: { a: 1, b: 1 }, limits };
    for (const name of ['first', 'second']) bench.watch(name, bench.ask$(bench.gate.queue, name, both));
    bench.run();
    expect(bench.sent).toEqual(['first at 0', `second at ${NEXT_MINUTE}`]);
  });
});

describe('a bug', () => {
  const bug = new Error('bug');

  it('in making a request belongs to who asked for it', () => {
    const queue = new RequestQueue({ scheduler: new VirtualTimeScheduler() });
    const limits = new Bench().limits;
    let error: unknown;
    const request = { limits, cost: {}, priority: 0 };
    const broken$ = () => {
      throw bug;
    };
    queue.request$({ ...request, send$: broken$ }).subscribe({ error: (told: unknown) => (error = told) });
    expect(error).toBe(bug);
    expect(queue.counts).toEqual({ inFlight: 0, queued: 0 });
  });

  it('in counting reaches all who wait', () => {
    const queue = new RequestQueue({ scheduler: new VirtualTimeScheduler() });
    const { limits } = new Bench();
    const errors: unknown[] = [];
    const ask = () =>
      queue
        .request$({ limits, cost: {}, priority: 0, send$: () => NEVER })
        .subscribe({ error: (told: unknown) => errors.push(told) });
    limits.waitFor = () => 1000;
    ask();
    ask();
    limits.waitFor = () => {
      throw bug;
    };
    ask();
    expect(errors).toEqual([bug, bug, bug]);
  });
});
