import { defer, map, mergeMap, of, throwError, timer, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Candle } from '../../../src/core/candle.ts';
import { EVIDENCE } from '../../../src/core/missing-rules.ts';
import type { CandleReader } from '../../../src/feed/rest/candle-reader.ts';
import { seriesEnd$, type SeriesEndOptions } from '../../../src/feed/series/series-end.ts';
import { candle } from '../../support/candle.ts';
import { failure, patientlyOn } from '../../support/fake-market.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const MINUTE = 60_000;
const NOW = 1000 * MINUTE;
const minutes = (from: number, before: number) => Array.from({ length: before - from }, (_, n) => candle(from + n));
/** Rows as some markets go on showing them when nothing is traded any more. */
const flat = (from: number, before: number) =>
  minutes(from, before).map((row) => ({ ...row, volume: 0, trades: null }));

/** The open time at which a series is said to end when answers show this, one after another, the last one again. */
function endOf(
  answers: readonly (readonly Candle[] | Error)[],
  options: Partial<Pick<SeriesEndOptions, 'deliveryTime' | 'next'>>,
) {
  const clock = new VirtualClock();
  const asked: number[] = [];
  const newest$ = (before: number): Observable<readonly Candle[]> =>
    defer(() => {
      asked.push(clock.now());
      const said = answers[Math.min(asked.length, answers.length) - 1] ?? [];
      const rows$ = said instanceof Error ? throwError(() => said) : of(said);
      return timer(20, clock).pipe(
        mergeMap(() => rows$),
        map((rows) => rows.filter((row) => row.timestamp < before)),
      );
    });
  const reader = { newest$ } as unknown as CandleReader;
  const ends: number[] = [];
  seriesEnd$({
    reader,
    evidence: EVIDENCE,
    scheduler: clock,
    now: () => NOW,
    patiently$: patientlyOn(clock),
    deliveryTime: null,
    ...options,
  }).subscribe(({ until }) => {
    ends.push(until / MINUTE);
  });
  clock.advance(60_000);
  return { ends, asked };
}

describe('a series ends', () => {
  it.each<[string, Parameters<typeof endOf>, number]>([
    ['after its last candle, where it is only read', [[minutes(900, 950)], {}], 950],
    ['after the last candle before the contract ended, whatever is shown after it', [[minutes(900, 990)], { deliveryTime: 960 * MINUTE }], 960],
    ['after the last candle that an answer showed, though others leave it out', [[minutes(900, 949), minutes(900, 950), minutes(900, 948)], {}], 950],
    ['with the candle that a running series waits for', [[minutes(900, 951)], { next: 950 * MINUTE }], 951],
    ['with the last candle that holds volume: what follows is filling', [[[...minutes(900, 953), ...flat(953, 980)]], { next: 950 * MINUTE }], 953],
    ['with the awaited candle though nothing was traded in it', [[flat(940, 980)], { next: 950 * MINUTE }], 951],
    ['with every candle before the contract’s end, traded or not', [[flat(940, 980)], { next: 950 * MINUTE, deliveryTime: 970 * MINUTE }], 970],
    ['where it stands, if nothing more is shown', [[minutes(900, 950)], { next: 950 * MINUTE }], 950],
    ['before it began, if the exchange shows nothing at all', [[[]], {}], 0],
  ])('%s', (_, [answers, options], expected) => {
    expect(endOf(answers, options).ends).toEqual([expected]);
  }); // prettier-ignore
});

it('is believed after as many answers, over as long, as a candle that is missing', () => {
  const recent = endOf([minutes(900, 950)], {});
  expect(recent.asked).toHaveLength(5);
  expect(Number(recent.asked.at(-1))).toBeGreaterThanOrEqual(5000);
  const old = endOf([minutes(900, 930)], { deliveryTime: 930 * MINUTE });
  expect(old.asked).toHaveLength(3);
  expect(Number(old.asked.at(-1))).toBeGreaterThanOrEqual(1000);
});

it('waits out every failure, which is no answer', () => {
  const { ends, asked } = endOf([failure('network'), failure('server'), minutes(900, 950)], {});
  expect(ends).toEqual([950]);
  expect(asked).toHaveLength(7);
});
