import fc from 'fast-check';
import { defer, of, throwError, VirtualTimeScheduler } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Candle, EpochMs } from '../../../src/core/candle.ts';
import type { Interval } from '../../../src/core/interval.ts';
import { firstOpenTime$ } from '../../../src/feed/rest/first-open-time.ts';
import { MarketDataError, type KlinesRequest } from '../../../src/ports/market-data.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const NOON = Date.UTC(2026, 10, 22, 12);
const START = Date.UTC(2017, 0, 1);
const OLDEST = { pagesFrom: 'oldest', maxSpanMs: Infinity } as const;
const NEWEST = { pagesFrom: 'newest', maxSpanMs: 200 * DAY } as const;

type Hole = readonly [from: EpochMs, before: EpochMs];

/** A market with candles from `first` to before `end`; `lies` are the numbers of answers that come empty by mistake. */
function searched(
  market: { first: EpochMs; end: EpochMs; length?: number; lies?: readonly number[]; hole?: Hole; known?: EpochMs },
  rules: typeof OLDEST | typeof NEWEST,
  interval: Interval = '1m',
) {
  const { first, end, length = MINUTE, lies = [], hole: [gone, back] = [end, end], known } = market;
  const scheduler = new VirtualTimeScheduler();
  const requests: KlinesRequest[] = [];
  const klines$ = (request: KlinesRequest) =>
    defer(() => {
      requests.push(request);
      expect(request.limit).toBeLessThanOrEqual(2);
      const [from, before] = [Math.max(first, request.from ?? 0), Math.min(end, request.before ?? Infinity)];
      const oldest = first + Math.ceil(((gone <= from && from < back ? back : from) - first) / length) * length;
      const until = gone < before && before <= back ? gone : before;
      const newest = first + Math.floor((until - 1 - first) / length) * length;
      const empty = oldest >= until || lies.includes(requests.length - 1);
      const last = Math.max(oldest, newest - (request.limit - 1) * length);
      const timestamp = rules.pagesFrom === 'oldest' ? oldest : last;
      return of({ value: empty ? [] : [{ timestamp } as Candle], sentAt: 0, receivedAt: 0 });
    });
  const seen: (EpochMs | null)[] = [];
  const span = { from: START, before: NOON, known };
  firstOpenTime$({ symbol: 'BTCUSD_PERP', interval, ...span, rules, klines$, scheduler }).subscribe((time) =>
    seen.push(time),
  );
  scheduler.flush();
  return { seen, requests, took: scheduler.now() };
}

describe.each([
  ['oldest', OLDEST, 4],
  ['newest', NEWEST, 45],
] as const)('where rows come from the %s', (_, rules, most) => {
  it('finds the first candle with few requests, and makes sure of it for a second', () => {
    const first = Date.UTC(2020, 7, 10, 7, 3);
    const { seen, requests, took } = searched({ first, end: NOON }, rules);
    expect(seen).toEqual([first]);
    expect(requests.length).toBeLessThanOrEqual(most);
    expect(took).toBe(1000);
  });

  it('finds it where the symbol was delisted years ago', () => {
    const first = Date.UTC(2020, 7, 10, 7, 3);
    expect(searched({ first, end: Date.UTC(2022, 1, 1) }, rules).seen).toEqual([first]);
  });

  it('finds it behind a pause of a year', () => {
    const first = Date.UTC(2020, 7, 10, 7, 3);
    const hole = [Date.UTC(2021, 1, 1), Date.UTC(2022, 1, 1)] as const;
    expect(searched({ first, end: NOON, hole }, rules).seen).toEqual([first]);
    expect(searched({ first, end: NOON, hole, known: hole[1] }, rules).seen).toEqual([first]);
  });

  it('makes sure of a candle that is likely the first without looking elsewhere', () => {
    const first = NOON - 100 * MINUTE;
    const { seen, requests, took } = searched({ first, end: NOON, known: first }, rules);
    expect([seen, took]).toEqual([[first], 1000]);
    expect(requests.filter(({ before }) => before === first + 1)).toHaveLength(3);
    expect(searched({ first, end: NOON, known: first + 50 * MINUTE }, rules).seen).toEqual([first]);
  });

  it('finds the only candle there is', () => {
    expect(searched({ first: NOON - MINUTE, end: NOON }, rules).seen).toEqual([NOON - MINUTE]);
  });

  it('is content with a candle at the start of the span', () => {
    expect(searched({ first: START, end: NOON }, rules).seen).toEqual([START]);
  });

  it('finds nothing only after three looks over a second', () => {
    const { seen, requests, took } = searched({ first: NOON, end: NOON }, rules);
    expect(seen).toEqual([null]);
    expect(took).toBe(1000);
    expect(requests.filter((request) => request.before === NOON)).toHaveLength(3);
  });

  it('is not misled by any two empty answers', () => {
    const first = fc.integer({ min: START, max: NOON - MINUTE });
    fc.assert(
      fc.property(first, fc.array(fc.nat(40), { maxLength: 2 }), fc.constantFrom(MINUTE, DAY), (time, lies, length) => {
        const interval = length === DAY ? '1d' : '1m';
        expect(searched({ first: time, end: NOON, length, lies }, rules, interval).seen).toEqual([time]);
      }),
    );
  });
});

it('passes a failure on', () => {
  const failure = new MarketDataError('server', 'HTTP 503');
  const errors: unknown[] = [];
  firstOpenTime$({
    symbol: 'X',
    interval: '1m',
    from: START,
    before: NOON,
    rules: NEWEST,
    klines$: () => throwError(() => failure),
    scheduler: new VirtualTimeScheduler(),
  }).subscribe({ error: (error: unknown) => errors.push(error) });
  expect(errors).toEqual([failure]);
});
