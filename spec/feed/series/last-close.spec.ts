import { defer, of, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Candle } from '../../../src/core/candle.ts';
import type { SeriesContext } from '../../../src/feed/series/series-context.ts';
import { SymbolStatusSource } from '../../../src/feed/series/last-close.ts';
import { Waits } from '../../../src/feed/waits.ts';
import { binanceSpot } from '../../../src/venues/binance/spot.ts';
import { candle } from '../../support/candle.ts';
import { failure } from '../../support/fake-market.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const DAY = 1440;
const MINUTE = 60_000;
const SINCE = 100 * DAY * MINUTE;

/** The close found when the exchange answers this, one after another, the last one again; the exchange's clock stands at day 107. */
function found(answers: readonly (readonly Candle[] | Error)[], isKnown = true) {
  const scheduler = new VirtualClock();
  const asked: number[] = [];
  const newest$ = (before: number, limit: number) =>
    defer(() => {
      expect([before, limit]).toEqual([107 * DAY * MINUTE + 1, 1]);
      asked.push(scheduler.now());
      const answer = answers[Math.min(asked.length, answers.length) - 1] ?? [];
      return answer instanceof Error ? throwError(() => answer) : of(answer);
    });
  const clock = { known: isKnown, now: () => 107 * DAY * MINUTE };
  const waits = new Waits({ scheduler, now: () => 0, publish: () => undefined });
  const deps = { clock, scheduler, waits, venue: binanceSpot, readerOf: () => ({ newest$ }), symbols: {} };
  const options = new SymbolStatusSource(deps as unknown as SeriesContext);
  const closes: number[] = [];
  options.lastCloseSince$('BTCUSDT', SINCE).subscribe((close) => closes.push(close));
  scheduler.advance(60_000);
  return { options, closes, asked };
}

describe('when the last candle of a symbol closed', () => {
  it('is believed at once where that is not long ago', () => {
    const row = candle(101 * DAY);
    expect(found([[row]])).toMatchObject({ closes: [row.closeTime], asked: [0] });
  });

  it('is believed after three answers over a second where it is', () => {
    const { closes, asked } = found([[candle(DAY)], [candle(3 * DAY)], []]);
    expect(closes).toEqual([candle(3 * DAY).closeTime]);
    expect(asked).toEqual([0, 510, 1020]);
  });

  it('is never where no answer shows a candle', () => {
    expect(found([[]]).closes).toEqual([-Infinity]);
  });

  it('is asked for again where an answer left it out, or none came', () => {
    const row = candle(101 * DAY);
    expect(found([failure('network'), [], [row]]).closes).toEqual([row.closeTime]);
  });
});

it('a symbol is judged by the venue’s longest pause, and not before the exchange’s time is known', () => {
  expect(found([[]]).options).toMatchObject({ longestPauseMs: 7 * DAY * MINUTE });
  expect(found([[]]).options.exchangeNow()).toBe(107 * DAY * MINUTE);
  expect(found([[]], false).options.exchangeNow()).toBeUndefined();
});
