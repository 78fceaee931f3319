import fc from 'fast-check';
import { Observable, Subject, concat, defer, filter, from, type Subscription } from 'rxjs';
import { expect, it } from 'vitest';
import type { Candle, ClosedCandlesOptions } from 'rx-candles';
import { closedCandlesOf$, feedTo, type AppendAnswer, type CandleLog } from 'rx-candles/nats';
import { memoryLog, type MemoryLog } from 'rx-candles/testing';
import { BTC, START, MINUTE, minute } from '../support/stored.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const RUNS = Number(process.env['LOG_RUNS'] ?? 50);

/** What befalls everybody; numbers say whom, or how much. */
const act = fc.oneof(
  { weight: 8, arbitrary: fc.constant({ what: 'close', of: 0 } as const) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('missing' as const), of: fc.constant(0) }) },
  ...(['pause', 'go on', 'kill', 'lose', 'interrupt', 'restart', 'lost answers', 'skip'] as const).map((what) => ({
    weight: 2,
    arbitrary: fc.record({ what: fc.constant(what), of: fc.nat(3) }),
  })),
);
type Act = { readonly what: string; readonly of: number };

/** An exchange, two feeders and two readers around one log, in virtual time. */
class World {
  readonly clock = new VirtualClock();
  readonly log: MemoryLog = memoryLog();
  readonly truth: Candle[] = [];
  readonly feeders = [0, 1].map(() => new SimFeeder(this));
  readonly readers = [0, 1].map(() => new SimReader(this));
  /** Whether answers of the log get lost, so that it is asked again. */
  loses = false;
  /** How many messages do not reach any reader, as a connection under load drops them. */
  skips = 0;
  #next = 0;

  close(isMissing = false): void {
    const candle = minute(this.#next++);
    if (isMissing) return;
    this.truth.push(candle);
    for (const feeder of this.feeders) feeder.closed(candle);
  }

  play({ what, of }: Act): void {
    const feeder = this.feeders[of % 2];
    if (what === 'close') this.close();
    if (what === 'missing') this.close(true);
    if (what === 'pause') feeder?.pause();
    if (what === 'go on') feeder?.goOn();
    if (what === 'kill') feeder?.start();
    if (what === 'lose') this.log.lose(Math.min(of + 1, this.log.entries.length - 1));
    if (what === 'interrupt') this.log.interrupt();
    if (what === 'restart') this.readers[of % 2]?.start();
    if (what === 'skip') this.skips = of;
    if (what === 'lost answers') this.loses = !this.loses;
  }

  /** Until nothing is under way. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 12; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
      this.clock.advance(10_000);
    }
  }
}

class SimFeeder {
  readonly #world: World;
  #closes$ = new Subject<Candle>();
  #held: Candle[] | undefined;
  #subscription: Subscription | undefined;

  constructor(world: World) {
    this.#world = world;
  }

  start(): void {
    this.#subscription?.unsubscribe();
    this.#closes$ = new Subject();
    this.#held = undefined;
    const { clock: scheduler } = this.#world;
    const feed = { closedCandles$: (_: string, __: string, options?: ClosedCandlesOptions) => this.#candles$(options) };
    this.#subscription = feedTo(this.#lossy(), feed, BTC, { scheduler, since: START - 1 }).subscribe();
  }

  closed(candle: Candle): void {
    if (this.#held === undefined) this.#closes$.next(candle);
    else this.#held.push(candle);
  }

  pause(): void {
    this.#held ??= [];
  }

  goOn(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const candle of held) this.#closes$.next(candle);
  }

  #candles$(options?: ClosedCandlesOptions): Observable<Candle> {
    const since = Number(options?.since);
    const past = this.#world.truth.filter(({ timestamp }) => timestamp > since);
    const seen = past.at(-1)?.timestamp ?? since;
    return concat(
      from(past),
      new Observable<Candle>((subscriber) =>
        this.#closes$.subscribe({
          next: (candle) => {
            if (candle.timestamp > seen) subscriber.next(candle);
          },
        }),
      ),
    );
  }

  /** Each append is asked twice where answers get lost: the second answer is the one that is heard. */
  #lossy(): CandleLog {
    const { log } = this.#world;
    const append = async (candle: Candle, after: number | undefined): Promise<AppendAnswer> => {
      const answer = await log.append(candle, after);
      return this.#world.loses ? log.append(candle, after) : answer;
    };
    return Object.assign(log.another(), { append });
  }
}

class SimReader {
  readonly #world: World;
  readonly candles: Candle[] = [];
  error: unknown;
  #subscription: Subscription | undefined;

  constructor(world: World) {
    this.#world = world;
  }

  /** Goes on behind what it has handled. */
  start(): void {
    this.#subscription?.unsubscribe();
    const { clock: scheduler } = this.#world;
    const since = this.candles.at(-1)?.timestamp ?? 0;
    this.#subscription = closedCandlesOf$(this.#skipping(), 'btcusdt', '1m', { since, scheduler }).subscribe({
      next: (candle) => this.candles.push(candle),
      error: (error: unknown) => (this.error = error),
    });
  }

  /** What comes live may be left out; what is read from storage is not. */
  #skipping(): CandleLog {
    const { log } = this.#world;
    const read$: CandleLog['read$'] = (series, start) =>
      defer(() => {
        let isLive = false;
        return log.read$(series, start).pipe(
          filter((signal) => {
            if (signal === 'live') isLive = true;
            else if (isLive && this.#world.skips > 0) return (this.#world.skips -= 1) < 0;
            return true;
          }),
        );
      });
    return Object.assign(log.another(), { read$ });
  }
}

const minutesOf = (candles: readonly Candle[]) => candles.map(({ timestamp }) => (timestamp - START) / MINUTE);

it('gives every reader every candle once, in order, and stores each once, whatever happens to whom', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(act, fc.boolean()), { minLength: 5, maxLength: 40 }), async (acts) => {
      const world = new World();
      for (const one of [...world.feeders, ...world.readers]) one.start();
      world.close();
      await world.settle();
      for (const [one, isWaited] of acts) {
        world.play(one);
        if (isWaited) await world.settle();
      }
      for (const feeder of world.feeders) feeder.goOn();
      await world.settle();
      world.skips = 0;
      world.close();
      await world.settle();
      const truth = minutesOf(world.truth);
      expect(minutesOf(world.log.entries.map(({ candle }) => candle))).toEqual(truth);
      expect(world.log.entries.map(({ previous }) => previous)).toEqual([
        null,
        ...world.truth.slice(0, -1).map(({ timestamp }) => timestamp),
      ]);
      for (const { candles, error } of world.readers) {
        expect(error).toBeUndefined();
        expect(minutesOf(candles)).toEqual(truth);
      }
    }),
    { numRuns: RUNS },
  );
});
