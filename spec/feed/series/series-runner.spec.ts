import { finalize, NEVER, of, throwError, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../src/core/evidence.ts';
import { startSeries, type SeriesOutput } from '../../../src/core/series-state.ts';
import type { CandleReader } from '../../../src/feed/rest/candle-reader.ts';
import { TimerQueue } from '../../../src/feed/series/timer-queue.ts';
import { SeriesRunner } from '../../../src/feed/series/series-runner.ts';
import { clockOf, failure, FakeMarket, STARTS_AT } from '../../support/fake-market.ts';
import { answered, clock as timeOf, closed, RULES, say } from '../../support/series.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const MINUTE = 60_000;

interface Rigged {
  /** What a read answers; by default it never does. */
  readonly read$?: () => Observable<Answer>;
  readonly warmUp?: boolean;
  readonly until?: number;
}

/** A runner that waits for the close of minute 1000, at half that minute. */
function rig({ read$ = () => NEVER, warmUp = false, until = Infinity }: Rigged = {}) {
  const clock = new VirtualClock();
  const market = new FakeMarket(clock);
  const exchange = clockOf(market, clock);
  exchange.ask();
  clock.advance(100);
  const reads: string[] = [];
  let open = 0;
  const reader = {
    read$: (from: number, before: number) => {
      reads.push(`${String(from / MINUTE)} to ${String(before / MINUTE)} at ${timeOf(Math.round(market.now()))}`);
      open += 1;
      return read$().pipe(finalize(() => (open -= 1)));
    },
    firstOpen$: () => NEVER,
    isTruncatedAt: () => false,
  } as unknown as CandleReader;
  const outputs: SeriesOutput[] = [];
  const react: { on?: (output: SeriesOutput) => void } = {};
  let blocked = 0;
  const bugs: unknown[] = [];
  const timers = new TimerQueue(clock, () => exchange.now());
  const state = startSeries({ ...RULES, warmUp }, 1000 * MINUTE, until * MINUTE);
  const runner = new SeriesRunner(
    { shared: { clock: exchange, timers, restUrl: 'https://example.test' }, reader },
    state,
    {
      onSettled: () => undefined,
      onOutput: (output) => {
        outputs.push(output);
        react.on?.(output);
      },
      onGeoBlocked: () => (blocked += 1),
      onBug: (bug) => bugs.push(bug),
    },
  );
  return {
    ...{ clock, market, runner, reads, react },
    said: () => outputs.map(say),
    openReads: () => open,
    blocked: () => blocked,
    bugs,
  };
}

/** An answer that arrives when asked for, with the closed candles of these minutes. */
const answer$ = (minutes: readonly number[]) => () => of((answered(minutes, '1003:00') as { answer: Answer }).answer);

describe('a runner', () => {
  it('is woken when a close is overdue by the exchange’s clock, and reads', () => {
    const { clock, runner, reads, openReads } = rig();
    runner.handle({ kind: 'live' });
    clock.advance(33_890);
    expect(reads).toEqual([]);
    clock.advance(1000);
    expect(reads).toEqual([expect.stringMatching(/^1000 to 1002 at 1001:04.0..$/)]);
    expect(openReads()).toBe(1);
  });

  it('gives up a read that has become needless', () => {
    const { clock, runner, openReads } = rig();
    runner.handle({ kind: 'live' });
    clock.advance(40_000);
    runner.handle(closed(1000));
    expect(openReads()).toBe(0);
  });

  it('takes an answer that comes at once', () => {
    const { clock, runner, said } = rig({ read$: answer$([1000, 1001]) });
    clock.advance(150_000);
    runner.handle({ kind: 'wake' });
    expect(said()).toContain('deliver 1000');
    expect(runner.next).toBe(1001 * MINUTE);
  });

  it('keeps the order when something happens in a handler', () => {
    const { runner, said, react } = rig();
    react.on = (output) => {
      if (output.kind === 'deliver' && output.candle.timestamp === 1000 * MINUTE) runner.handle(closed(1002));
    };
    runner.handle(closed(1001));
    runner.handle(closed(1000));
    expect(said().filter((words) => words.startsWith('deliver'))).toEqual([
      'deliver 1000',
      'deliver 1001',
      'deliver 1002',
    ]);
  });

  it('says nothing more once it is stopped, in the middle of its outputs too', () => {
    const { clock, runner, said, react, openReads } = rig();
    react.on = (output) => {
      if (output.kind === 'deliver') runner.stop();
    };
    runner.handle(closed(1001));
    runner.handle(closed(1000));
    runner.handle(closed(1002));
    clock.advance(600_000);
    expect(said().filter((words) => words.startsWith('deliver'))).toEqual(['deliver 1000']);
    expect(openReads()).toBe(0);
  });

  it('leaves no timer and no read behind', () => {
    const { clock, runner, openReads } = rig();
    runner.handle({ kind: 'live' });
    clock.advance(40_000);
    expect(openReads()).toBe(1);
    runner.stop();
    runner.stop();
    expect(openReads()).toBe(0);
    // What is left is the exchange's clock, asked every ten minutes.
    expect(clock.actions.filter(({ closed: gone }) => !gone)).toHaveLength(1);
  });

  it('is not woken once it is stopped', () => {
    const { clock, runner, said } = rig();
    runner.handle({ kind: 'live' });
    runner.stop();
    expect(clock.actions.filter(({ closed: gone }) => !gone)).toHaveLength(1);
    expect(said()).toEqual([]);
  });

  it('asks for the exchange’s time alongside a read, if it has not lately', () => {
    const { clock, market, runner } = rig();
    clock.advance(65_000);
    runner.handle({ kind: 'wake' });
    expect(market.count('time')).toBe(2);
  });
});

describe('a bug', () => {
  it.each<[string, Rigged, (r: ReturnType<typeof rig>) => void]>([
    ['in what is done with an output', {}, ({ runner, react }) => {
      react.on = () => { throw new TypeError('no such field'); };
      runner.handle(closed(1000));
    }],
    ['in the making of a read', { read$: () => { throw new TypeError('no such field'); } }, ({ clock }) => clock.advance(150_000)],
    ['in the reading', { read$: () => throwError(() => new TypeError('no such field')) }, ({ clock }) => clock.advance(150_000)],
  ])('%s is told once, and stops the runner', (_, options, provoke) => {
    const r = rig(options);
    r.runner.handle({ kind: 'wake' });
    provoke(r);
    expect(r.bugs).toEqual([new TypeError('no such field')]);
    const said = r.said().length;
    r.react.on = () => undefined;
    r.runner.handle(closed(1001));
    r.clock.advance(600_000);
    expect(r.said()).toHaveLength(said);
  }); // prettier-ignore
});

describe('a failed read', () => {
  it('is waited out, with its reason', () => {
    const { clock, runner, said, reads } = rig({ read$: () => throwError(() => failure('timeout')) });
    runner.handle({ kind: 'live' });
    clock.advance(40_000);
    expect(said()).toContain('gap 1000–1000 opened (REST: timeout: timeout (example.test))');
    expect(reads).toHaveLength(3);
  });

  it('for the place we are in does not matter while the stream delivers', () => {
    const { clock, runner, blocked, said } = rig({ read$: () => throwError(() => failure('geo-blocked')) });
    runner.handle({ kind: 'live' });
    clock.advance(35_000);
    expect(blocked()).toBe(0);
    runner.handle(closed(1000));
    expect(said()).toContain('deliver 1000');
  });

  it.each<[string, Rigged, (runner: SeriesRunner) => void]>([
    ['when a hole has to be filled', {}, (runner) => runner.handle(closed(1001))],
    ['when a close does not come at all', {}, (runner) => runner.handle({ kind: 'wake' })],
    ['when the past is read', { warmUp: true, until: 1001 }, (runner) => runner.handle({ kind: 'wake' })],
  ])('for the place we are in ends the series %s', (_, options, begin) => {
    const { clock, runner, blocked } = rig({ ...options, read$: () => throwError(() => failure('geo-blocked')) });
    runner.handle({ kind: 'live' });
    begin(runner);
    clock.advance(120_000);
    expect(blocked()).toBeGreaterThan(0);
  });
});

it('runs by the exchange’s clock, wherever ours stands', () => {
  const { runner, clock } = rig();
  expect(runner.next).toBe(1000 * MINUTE);
  expect(STARTS_AT - clock.now()).not.toBe(0);
  expect(runner.until).toBe(Infinity);
});
