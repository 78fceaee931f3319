import { describe, expect, it } from 'vitest';
import type { EpochMs } from '../../../src/core/candle.ts';
import { CloseArbiter, UpdateArbiter } from '../../../src/feed/connection/arbitration.ts';
import type { SeriesSignal } from '../../../src/ports/candle-stream.ts';
import type { CandleMessage } from '../../../src/ports/stream-protocol.ts';
import { candle } from '../../support/candle.ts';

function arbiter() {
  const told: (string | number)[] = [];
  const close = new CloseArbiter({
    emit: (signal: SeriesSignal) => told.push(typeof signal === 'string' ? signal : minuteOf(signal)),
    onSilent: (line) => told.push(`silent ${String(line)}`),
  });
  return { close, told };
}

const minuteOf = ({ timestamp }: { timestamp: number }) => timestamp / 60_000;

describe('the closes of two lines', () => {
  it('are each told once, although one line is far behind', () => {
    const { close, told } = arbiter();
    for (let minute = 0; minute < 200; minute++) {
      close.take(0, candle(minute));
      if (minute >= 50) close.take(1, candle(minute - 50));
    }
    expect(told).toEqual(Array.from({ length: 200 }, (_, minute) => minute));
  });

  it.each<[string, (close: CloseArbiter, minute: number) => void, readonly number[]]>([
    ['is live and brings none', () => undefined, [3, 6, 9]],
    ['brings one now and then', (close, minute) => { if (minute % 2 === 0) close.take(1, candle(minute)); }, []], // prettier-ignore
    ['is lost', (close) => { close.take(1, 'lost'); }, []], // prettier-ignore
    ['was lost meanwhile', (close, minute) => { if (minute === 5) for (const now of ['lost', 'live'] as const) close.take(1, now); }, [3, 8]], // prettier-ignore
  ])('show that a line is silent that %s', (_, other, silentAt) => {
    const { close, told } = arbiter();
    for (const line of [0, 1] as const) close.take(line, 'live');
    for (let minute = 1; minute <= 10; minute++) {
      close.take(0, candle(minute));
      other(close, minute);
    }
    const silent = told.flatMap((one, index) => (one === 'silent 1' ? [told[index + 1]] : []));
    expect(silent).toEqual(silentAt);
  });

  it('are lost with a line that gives up without a word, if there is no other', () => {
    const { close, told } = arbiter();
    close.take(0, 'live');
    expect(close.giveUp(0)).toBe(false);
    expect(close.giveUp(1)).toBe(true);
    expect(told).toEqual(['live', 'lost']);
  });
});

/** Open time in minutes, when it was built, and the volume until then. */
type Update = readonly [minute: number, eventTime: EpochMs | null, volume: number];

function passed(updates: readonly Update[]): readonly Update[] {
  const arbiter = new UpdateArbiter();
  return updates.filter(([minute, eventTime, volume]) => {
    const message: CandleMessage = {
      kind: 'candle',
      candle: candle(minute, { volume }),
      finality: 'running',
      eventTime,
    };
    return arbiter.take(message);
  });
}

describe('the updates of two lines', () => {
  it('are each passed once, and only forward', () => {
    const updates: Update[] = [[1, 100, 1], [1, 100, 1], [1, 300, 2], [1, 200, 1], [2, 400, 0], [1, 500, 3], [2, 600, 1]]; // prettier-ignore
    expect(passed(updates)).toEqual([[1, 100, 1], [1, 300, 2], [2, 400, 0], [2, 600, 1]]); // prettier-ignore
  });

  it('follow the volume where the venue sends no time', () => {
    const updates: Update[] = [[1, null, 1], [1, null, 1], [1, null, 3], [1, null, 2], [2, null, 0], [1, null, 4]]; // prettier-ignore
    expect(passed(updates)).toEqual([[1, null, 1], [1, null, 3], [2, null, 0]]); // prettier-ignore
  });

  it('take no volume back where the clocks of two servers differ', () => {
    expect(passed([[1, 100, 5], [1, 101, 4], [1, 102, 5]])).toEqual([[1, 100, 5], [1, 102, 5]]); // prettier-ignore
  });
});
