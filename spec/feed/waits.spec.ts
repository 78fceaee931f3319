import { defer, of, throwError, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FeedClosedError } from '../../src/core/errors.ts';
import type { Waiting } from '../../src/core/events.ts';
import { reasonOf, Waits } from '../../src/feed/waits.ts';
import { MarketDataError } from '../../src/ports/market-data.ts';
import { failure } from '../support/fake-market.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const SERIES = { what: 'first candle', symbol: 'BTCUSDT', interval: '1m' } as const;

/** What is told, by local time; the exchange's clock is a million ms ahead. */
function rig() {
  const clock = new VirtualClock();
  const told: (Waiting & { at: number })[] = [];
  const waits = new Waits({
    scheduler: clock,
    now: () => clock.now() + 1_000_000,
    publish: (event) => told.push({ ...(event as Waiting), at: clock.now() }),
  });
  return { clock, told, waits, at: () => told.map(({ at }) => at) };
}

describe('a wait', () => {
  it('is told when it has lasted ten seconds, and every ten seconds more, until it ends', () => {
    const { clock, told, waits } = rig();
    clock.advance(500);
    const wait = waits.begin(SERIES);
    clock.advance(15_000);
    wait.because('REST: malformed');
    clock.advance(5000);
    wait.end();
    clock.advance(60_000);
    const event = { type: 'WAITING', ...SERIES, since: 1_000_500 };
    expect(told).toEqual([
      { ...event, reason: 'no usable response yet', waitedMs: 10_000, at: 10_500 },
      { ...event, reason: 'REST: malformed', waitedMs: 20_000, at: 20_500 },
    ]);
    expect(clock.actions).toEqual([]);
  });

  it('that ends in time is told to nobody, and leaves no timer', () => {
    const { clock, told, waits } = rig();
    const wait = waits.begin({ what: 'clock' });
    clock.advance(9999);
    wait.end();
    expect(clock.actions).toEqual([]);
    expect(told).toEqual([]);
  });

  it('begins anew whenever something has come', () => {
    const { clock, at, waits } = rig();
    const wait = waits.begin({ what: 'page of the past' });
    clock.advance(8000);
    wait.progress();
    clock.advance(9000);
    expect(at()).toEqual([]);
    clock.advance(1000);
    expect(at()).toEqual([18_000]);
  });

  it('may end by itself', () => {
    const { clock, at, waits } = rig();
    const wait = waits.begin({ what: 'connections' });
    wait.lapseAt(25_000);
    clock.advance(60_000);
    expect(at()).toEqual([10_000, 20_000]);
    expect(wait.isOver).toBe(true);
    expect(clock.actions).toEqual([]);
  });

  it('is one of many, each told in its own time', () => {
    const { clock, told, waits } = rig();
    const first = waits.begin({ what: 'clock' });
    clock.advance(3000);
    waits.begin({ what: 'symbol list' });
    clock.advance(7000);
    first.end();
    clock.advance(13_000);
    expect(told.map(({ what, at }) => [what, at])).toEqual([
      ['clock', 10_000],
      ['symbol list', 13_000],
      ['symbol list', 23_000],
    ]);
    waits.clear();
    expect(clock.actions).toEqual([]);
  });

  it('may be ended, and others begun, by whoever is told of it', () => {
    const clock = new VirtualClock();
    const told: number[] = [];
    const waits: Waits = new Waits({
      scheduler: clock,
      now: () => clock.now(),
      publish: () => {
        told.push(clock.now());
        waits.clear();
        waits.begin({ what: 'clock' });
      },
    });
    waits.begin({ what: 'clock' });
    waits.begin({ what: 'symbol list' });
    clock.advance(30_000);
    expect(told).toEqual([10_000, 20_000, 30_000]);
    waits.clear();
    expect(clock.actions).toEqual([]);
  });
});

describe('a question', () => {
  /** Asks one that is answered so, one after another. */
  function asked(answers: readonly (number | Error)[]) {
    const r = rig();
    const times: number[] = [];
    const got: unknown[] = [];
    const question$: Observable<number> = defer(() => {
      times.push(r.clock.now());
      const answer = answers[times.length - 1] ?? 0;
      return typeof answer === 'number' ? of(answer) : throwError(() => answer);
    });
    const subscription = r.waits.untilAnswered$(SERIES, question$).subscribe({
      next: (answer) => got.push(answer),
      error: (error: unknown) => got.push(error),
    });
    return { ...r, times, got, subscription };
  }

  it('is asked again after growing pauses, and told with the reason when that takes long', () => {
    const malformed = new MarketDataError('malformed', 'klines: row 0 cannot be read');
    const { clock, times, got, told } = asked([...Array.from({ length: 8 }, () => malformed), 7]);
    clock.advance(200_000);
    expect(times).toEqual([0, 1000, 3000, 7000, 15_000, 31_000, 61_000, 91_000, 121_000]);
    expect(got).toEqual([7]);
    expect(told).toHaveLength(12);
    expect(told[0]).toMatchObject({ ...SERIES, reason: 'REST: malformed (klines: row 0 cannot be read)' });
    expect(clock.actions).toEqual([]);
  });

  it('ends with an error that is the subscriber’s', () => {
    const error = new FeedClosedError();
    const { clock, got } = asked([failure('network'), error]);
    clock.advance(5000);
    expect(got).toEqual([error]);
    expect(clock.actions).toEqual([]);
  });

  it('that nobody asks any more leaves nothing behind', () => {
    const { clock, subscription, times } = asked([failure('network')]);
    subscription.unsubscribe();
    clock.advance(60_000);
    expect(times).toEqual([0]);
    expect(clock.actions).toEqual([]);
  });
});

it.each([
  [failure('timeout'), 'REST: timeout'],
  [new MarketDataError('server', 'HTTP 503'), 'REST: server (HTTP 503)'],
  [new Error('REST shows no candle yet'), 'REST shows no candle yet'],
  ['odd', 'odd'],
])('a failure has a reason in words: %s', (error, reason) => {
  expect(reasonOf(error)).toBe(reason);
});
