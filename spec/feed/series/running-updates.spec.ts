import { describe, expect, it } from 'vitest';
import { RunningUpdates } from '../../../src/feed/series/running-updates.ts';
import { candle } from '../../support/candle.ts';

const MINUTE = 60_000;

/** The updates of one subscription; `owed` is the minute it waits for. */
function rig(owed: number | undefined) {
  const told: string[] = [];
  const at = { owed };
  const updates = new RunningUpdates({
    owed: () => (at.owed === undefined ? undefined : at.owed * MINUTE),
    emit: ({ timestamp, trades }) => told.push(`${String(timestamp / MINUTE)}: ${String(trades)}`),
  });
  const offer = (minute: number, trades: number) => updates.offer(candle(minute, { trades }));
  return { told, at, updates, offer };
}

describe('the updates of one subscription', () => {
  it('are told at once while they are of the candle that comes next', () => {
    const { told, offer, updates } = rig(1);
    offer(1, 3);
    offer(1, 4);
    updates.release();
    expect(told).toEqual(['1: 3', '1: 4']);
  });

  it('wait for the candles before them, and the newest of them is told', () => {
    const { told, at, offer, updates } = rig(1);
    for (const [minute, trades] of [[2, 1], [2, 2], [3, 1], [3, 2]] as const) offer(minute, trades); // prettier-ignore
    expect(told).toEqual([]);
    at.owed = 2;
    updates.release();
    expect(told).toEqual([]);
    at.owed = 3;
    updates.release();
    updates.release();
    expect(told).toEqual(['3: 2']);
  });

  it('wait while older candles are on their way', () => {
    const { told, at, offer, updates } = rig(undefined);
    offer(5, 1);
    updates.release();
    expect(told).toEqual([]);
    at.owed = 5;
    updates.release();
    expect(told).toEqual(['5: 1']);
  });

  it('are forgotten once their candle has closed', () => {
    const { told, at, offer, updates } = rig(1);
    offer(2, 1);
    at.owed = 3;
    updates.release();
    at.owed = 2;
    updates.release();
    expect(told).toEqual([]);
  });

  it('may lead to more of them while one is told', () => {
    const told: number[] = [];
    const updates = new RunningUpdates({
      owed: () => MINUTE,
      emit: ({ trades }) => {
        told.push(trades ?? 0);
        if (trades === 1) updates.offer(candle(1, { trades: 2 }));
      },
    });
    updates.offer(candle(1, { trades: 1 }));
    expect(told).toEqual([1, 2]);
  });
});
