import { defer, of, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Candle } from '../../../src/core/candle.ts';
import type { CandleReader } from '../../../src/feed/rest/candle-reader.ts';
import { gridPoint$ } from '../../../src/feed/series/grid-point.ts';
import { candle } from '../../support/candle.ts';
import { failure, patientlyOn } from '../../support/fake-market.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const DAY = 86_400_000;

/** What is learnt when the exchange answers this, one after another. */
function learnt(answers: readonly (readonly Candle[] | Error)[]) {
  const clock = new VirtualClock();
  const asked: { at: number; before: number; limit: number }[] = [];
  const newest$ = (before: number, limit: number) =>
    defer(() => {
      asked.push({ at: clock.now(), before, limit });
      const answer = answers[asked.length - 1] ?? [];
      return answer instanceof Error ? throwError(() => answer) : of(answer);
    });
  const points: number[] = [];
  const reader = { newest$ } as unknown as CandleReader;
  const now = () => clock.now() + 10 * DAY;
  const newest = { reader, scheduler: clock, now, patiently$: patientlyOn(clock) };
  gridPoint$(newest).subscribe((point) => points.push(point));
  clock.advance(10_000);
  return { points, asked };
}

describe('the grid of a series', () => {
  const row = candle(0, { interval: '3d', timestamp: 8 * DAY });

  it('is learnt from its newest row, which may be running', () => {
    const { points, asked } = learnt([[row]]);
    expect(points).toEqual([8 * DAY]);
    expect(asked).toEqual([{ at: 0, before: 11 * DAY, limit: 1 }]);
  });

  it('is asked for again after growing pauses until an answer shows it', () => {
    const { points, asked } = learnt([failure('network'), [], failure('server'), [row]]);
    expect(points).toEqual([8 * DAY]);
    expect(asked.map(({ at }) => at)).toEqual([0, 1000, 3000, 7000]);
  });
});
