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
import type { Interval } from '../../../src/core/interval.ts';
import { restGate, type GatedMarketData } from '../../../src/feed/rest/rest-gate.ts';
import { WeightBudget } from '../../../src/feed/rest/weight-budget.ts';
import { MarketDataError, type MarketData, type Reply } from '../../../src/ports/market-data.ts';

const LIMITS = { klinesWeight: (limit: number) => (limit < 100 ? 1 : 2), timeWeight: 1, symbolsWeight: 20 };
/** Virtual time 0 at the exchange. */
const HALF_PAST_NOON = Date.UTC(2026, 10, 22, 12, 0, 30);
/** 30 s to the next minute, and the doubt about our clock. */
const NEXT_MINUTE = 30_250;

type Answer = (name: string, bench: Bench) => Observable<Reply<never>>;

const reply = (usedWeight?: number): Reply<never> => ({ value: [] as never, usedWeight });
const quick: Answer = (_, bench) => bench.after(10);
const failing = (failure: MarketDataError['failure'], retryAfterMs?: number) =>
  throwError(() => new MarketDataError(failure, failure, { retryAfterMs }));

/** A gate over market data that answers as told, in virtual time; it notes what was sent, answered and aborted when. */
class Bench {
  readonly scheduler = new VirtualTimeScheduler();
  readonly sent: string[] = [];
  readonly aborted: string[] = [];
  readonly answered: string[] = [];
  readonly budget: WeightBudget;
  readonly gate: GatedMarketData;
  offset = HALF_PAST_NOON;
  inFlight = 0;
  mostInFlight = 0;

  /** `usable` is the weight per minute that the gate may use: nine tenths of the exchange's limit. */
  constructor(
    readonly answer: Answer = quick,
    usable = 90_000,
  ) {
    const weightPerMinute = Math.ceil(usable / 0.9);
    const exchangeNow = () => this.scheduler.now() + this.offset;
    this.budget = new WeightBudget({ weightPerMinute, scheduler: this.scheduler, exchangeNow });
    this.gate = this.gateOver('');
  }

  gateOver(host: string): GatedMarketData {
    const marketData: MarketData = {
      serverTime$: () => this.#request$(`${host}time`),
      symbols$: () => this.#request$(`${host}symbols`),
      klines$: ({ symbol }) => this.#request$(host + symbol),
    };
    return restGate({ marketData, limits: LIMITS, budget: this.budget, scheduler: this.scheduler });
  }

  after(ms: number, usedWeight?: number): Observable<Reply<never>> {
    return timer(ms, this.scheduler).pipe(map(() => reply(usedWeight)));
  }

  ask(
    symbol: string,
    {
      interval = '1m',
      limit = 1,
      gate = this.gate,
    }: { interval?: Interval; limit?: number; gate?: GatedMarketData } = {},
  ) {
    return this.watch(symbol, gate.klines$({ symbol, interval, from: 0, limit }));
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

  #request$(name: string): Observable<Reply<never>> {
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
    bench.budget.heed(new MarketDataError('banned', ''));
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

  it('is shared by two markets with one budget, which keep six places each', () => {
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

  it('holds for the other market of the budget too', () => {
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
