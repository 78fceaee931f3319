import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Candle } from '../../../src/core/candle.ts';
import type { CandleClosed } from '../../../src/core/events.ts';
import type { SeriesSignal } from '../../../src/ports/candle-stream.ts';
import { closedCandles$ } from '../../../src/feed/series/closed-candles.ts';
import { candle } from '../../support/candle.ts';
import { exactlyOnceRig } from '../../support/exactly-once-rig.ts';

describe('closed candles of a series', () => {
  it('are published once each, in order, and passed on', () => {
    const { machine } = exactlyOnceRig(1);
    const signals$ = new Subject<SeriesSignal>();
    const [published, passed]: [CandleClosed[], Candle[]] = [[], []];
    const bus = { publish: (event: CandleClosed) => published.push(event) };
    const subscription = closedCandles$(signals$, machine, bus).subscribe((one) => passed.push(one));
    for (const minute of [1, 1, 2]) signals$.next(candle(minute));
    expect(passed.map(({ timestamp }) => timestamp / 60_000)).toEqual([1, 2]);
    expect(published.map((event) => event.candle)).toEqual(passed);
    expect(published[0]).toMatchObject({ type: 'CANDLE_CLOSED', symbol: 'BTCUSDT', interval: '1m' });
    subscription.unsubscribe();
    expect(signals$.observed).toBe(false);
  });
});
