import { Subject, defer, finalize } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Candle } from '../../../src/core/candle.ts';
import { RunningListeners, type RunningListener } from '../../../src/feed/series/running-listeners.ts';
import type { CandleMessage } from '../../../src/ports/stream-protocol.ts';
import { candle } from '../../support/candle.ts';

const listener = (offer: (update: Candle) => void = () => undefined): RunningListener => ({
  offer,
  release: () => undefined,
});

function rig() {
  const wanted: boolean[] = [];
  const updates$ = new Subject<CandleMessage>();
  const counted$ = defer(() => {
    wanted.push(true);
    return updates$.pipe(finalize(() => wanted.push(false)));
  });
  const listeners = new RunningListeners(counted$, () => -Infinity);
  const tell = (update: Candle, eventTime: number) => {
    updates$.next({ kind: 'candle', candle: update, finality: 'running', eventTime });
  };
  return { listeners, wanted, tell };
}

describe('those who want updates of the running candle', () => {
  it('hear of it until they leave', () => {
    const { listeners, tell } = rig();
    const heard: number[] = [];
    const leave = listeners.add(listener(({ timestamp }) => heard.push(timestamp / 60_000)));
    tell(candle(1), 1);
    leave();
    tell(candle(2), 2);
    expect(heard).toEqual([1]);
  });

  it('make the stream decode updates only while there are any', () => {
    const { listeners, wanted } = rig();
    const [first, second] = [listeners.add(listener()), listeners.add(listener())];
    first();
    expect(wanted).toEqual([true]);
    second();
    expect(wanted).toEqual([true, false]);
  });

  it('hear of nothing older than what they have heard, on whichever connection it comes', () => {
    const { listeners, tell } = rig();
    const heard: string[] = [];
    listeners.add(listener(({ timestamp, trades }) => heard.push(`${String(timestamp / 60_000)}: ${String(trades)}`)));
    for (const [minute, trades, eventTime] of [
      [1, 5, 1050], [1, 7, 1070], [1, 5, 1050], [2, 1, 2010], [1, 9, 2020], [2, 2, 2030],
    ] as const) tell(candle(minute, { trades }), eventTime); // prettier-ignore
    expect(heard).toEqual(['1: 5', '1: 7', '2: 1', '2: 2']);
  });

  it('may leave and come while they are told', () => {
    const { listeners, tell } = rig();
    const heard: string[] = [];
    const leave = listeners.add(
      listener(() => {
        heard.push('first');
        leave();
        listeners.add(listener(() => heard.push('third')));
      }),
    );
    listeners.add(listener(() => heard.push('second')));
    tell(candle(1), 1);
    tell(candle(2), 2);
    expect(heard).toEqual(['first', 'second', 'second', 'third']);
  });

  it('are all told when the series has got further', () => {
    const { listeners } = rig();
    const told: string[] = [];
    for (const name of ['one', 'two']) listeners.add({ offer: () => undefined, release: () => told.push(name) });
    listeners.release();
    expect(told).toEqual(['one', 'two']);
  });
});
