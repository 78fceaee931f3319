import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { startSeries } from '../../../src/core/series-state.ts';
import type { SeriesSignal } from '../../../src/ports/candle-stream.ts';
import { exactlyOnce } from '../../../src/feed/series/exactly-once.ts';
import { GeoBlockedError } from '../../../src/core/errors.ts';
import { candle } from '../../support/candle.ts';
import { exactlyOnceRig } from '../../support/exactly-once-rig.ts';
import { failure, traded } from '../../support/fake-market.ts';
import { RULES } from '../../support/series.ts';

const MINUTE = 60_000;

function run(rig: ReturnType<typeof exactlyOnceRig>) {
  const signals$ = new Subject<SeriesSignal>();
  const seen: { minutes: number[]; completed: boolean; error: unknown } = {
    minutes: [],
    completed: false,
    error: undefined,
  };
  const subscription = signals$.pipe(exactlyOnce(rig.machine)).subscribe({
    next: ({ timestamp }) => seen.minutes.push(timestamp / MINUTE),
    error: (error: unknown) => (seen.error = error),
    complete: () => (seen.completed = true),
  });
  return { signals$, seen, subscription };
}

describe('exactlyOnce', () => {
  it('drops what comes twice, and fetches what did not come before it lets pass what came', () => {
    const rig = exactlyOnceRig(998);
    const { signals$, seen } = run(rig);
    signals$.next('live');
    signals$.next(traded(998));
    signals$.next(traded(998));
    signals$.next(traded(1000));
    expect(seen.minutes).toEqual([998]);
    rig.clock.advance(2 * MINUTE);
    expect(seen.minutes.slice(0, 3)).toEqual([998, 999, 1000]);
  });

  it('keeps closes that come before it may begin', () => {
    const rig = exactlyOnceRig();
    const { signals$, seen } = run(rig);
    signals$.next(candle(1));
    expect(seen.minutes).toEqual([]);
    rig.commands.send({ kind: 'start', state: startSeries(RULES, MINUTE) });
    expect(seen.minutes).toEqual([1]);
  });

  it('completes with the last candle before the end of the symbol', () => {
    const rig = exactlyOnceRig(998);
    const { signals$, seen } = run(rig);
    rig.commands.send({ kind: 'ended', end: { until: 999 * MINUTE, lastRow: 999 * MINUTE } });
    expect(seen.completed).toBe(false);
    signals$.next(traded(998));
    expect(seen).toMatchObject({ minutes: [998], completed: true });
    expect(signals$.observed).toBe(false);
  });

  it('errors with the stream, where this place is not served, and with a bug', () => {
    const streamError = new Error('gave up');
    const one = run(exactlyOnceRig(998));
    one.signals$.error(streamError);
    expect(one.seen.error).toBe(streamError);

    const rig = exactlyOnceRig(990);
    rig.market.failing.klines = failure('geo-blocked');
    const two = run(rig);
    two.signals$.next(traded(995));
    rig.clock.advance(MINUTE);
    expect(two.seen.error).toBeInstanceOf(GeoBlockedError);

    const bug = new TypeError('x is undefined');
    const broken = exactlyOnceRig(998);
    const report = () => {
      throw bug;
    };
    const three = run({ ...broken, machine: { ...broken.machine, report } });
    three.signals$.next(traded(998));
    expect(three.seen.error).toBe(bug);
  });

  it('leaves no timer and no request behind', () => {
    const rig = exactlyOnceRig(990);
    const { signals$, subscription } = run(rig);
    signals$.next(traded(995));
    subscription.unsubscribe();
    expect(signals$.observed).toBe(false);
    const asked = rig.market.count('klines');
    rig.clock.advance(MINUTE);
    expect(rig.market.count('klines')).toBe(asked);
  });
});
