import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INTERVALS, nextOpenTime, openTimeAt, type Interval } from '../../src/core/interval.ts';
import { coverageOf, planPage, rulesFor, type Page, type PageRules } from '../../src/core/page.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const NOON = Date.UTC(2026, 10, 22, 12);
const OLDEST: PageRules = { pageRows: 500, pagesFrom: 'oldest', maxSpanMs: Infinity };
const NEWEST: PageRules = { pageRows: 500, pagesFrom: 'newest', maxSpanMs: 200 * DAY };
const month = (number: number) => Date.UTC(2026, number - 1, 1);
const rowsAt = (...times: number[]) => times.map((timestamp) => ({ timestamp }));

describe('the next page', () => {
  it.each<[string, Parameters<typeof planPage>, Omit<Page, 'interval'>]>([
    [
      'asks for one row where one is wanted',
      [{ interval: '1m', from: NOON, before: NOON + MINUTE }, OLDEST],
      { from: NOON, before: NOON + MINUTE, limit: 1 },
    ],
    [
      'asks for as many rows as the hole has',
      [{ interval: '1m', from: NOON, before: NOON + 99 * MINUTE }, OLDEST],
      { from: NOON, before: NOON + 99 * MINUTE, limit: 99 },
    ],
    [
      'keeps the far end of a long span where rows come from the oldest, to leap over years without candles',
      [{ interval: '1m', from: 0, before: NOON }, OLDEST],
      { from: 0, before: NOON, limit: 500 },
    ],
    [
      'ends where its rows end where they come from the newest',
      [{ interval: '1m', from: NOON, before: NOON + 2000 * MINUTE }, NEWEST],
      { from: NOON, before: NOON + 500 * MINUTE, limit: 500 },
    ],
    [
      'spans no more than 200 days on COIN-M',
      [{ interval: '1d', from: NOON, before: NOON + 900 * DAY }, NEWEST],
      { from: NOON, before: NOON + 200 * DAY, limit: 200 },
    ],
    [
      'counts months by the calendar',
      [{ interval: '1M', from: month(1), before: month(5) }, OLDEST],
      { from: month(1), before: month(5), limit: 4 },
    ],
    [
      'counts months by the calendar within 200 days too',
      [{ interval: '1M', from: month(1), before: month(30) }, NEWEST],
      { from: month(1), before: month(7), limit: 6 },
    ],
    [
      'takes fewer rows when told to',
      [{ interval: '1m', from: NOON, before: NOON + 2000 * MINUTE, rows: 99 }, NEWEST],
      { from: NOON, before: NOON + 99 * MINUTE, limit: 99 },
    ],
    [
      'has room for rows that are cut short, where that costs nothing, when it reaches over a hole',
      [{ interval: '1m', from: NOON, before: NOON + 2 * MINUTE, pages: 2 }, NEWEST],
      { from: NOON, before: NOON + 2 * MINUTE, limit: 100 },
    ],
    [
      'takes a span that ends within a candle',
      [{ interval: '1h', from: NOON, before: NOON + 61 * MINUTE }, OLDEST],
      { from: NOON, before: NOON + 61 * MINUTE, limit: 2 },
    ],
  ])('%s', (_, [wanted, rules], page) => {
    expect(planPage(wanted, rules)).toEqual({ interval: wanted.interval, ...page });
  });

  it('is planned at once, however many candles the span would hold', () => {
    const since = performance.now();
    const page = planPage({ interval: '1s', from: 0, before: NOON, pages: Infinity }, OLDEST);
    expect(performance.now() - since).toBeLessThan(1000);
    expect(page).toEqual({ interval: '1s', from: 0, before: NOON, limit: 500 });
  });

  it('spans no more open times than the market counts, whatever the interval', () => {
    const rules = { ...NEWEST, maxSpanMs: Infinity, maxSpanRows: 900 };
    for (const [interval, length] of [
      ['1m', MINUTE],
      ['1d', DAY],
    ] as const) {
      const wanted = { interval, from: 0, before: 9000 * length, pages: 4 };
      expect(planPage(wanted, rulesFor(rules, interval)).before).toBe(900 * length);
    }
  });

  it('is none for an empty span', () => {
    expect(() => planPage({ interval: '1m', from: NOON, before: NOON }, OLDEST)).toThrow(RangeError);
  });
});

describe('what an answer speaks about', () => {
  const page: Page = { interval: '1m', from: NOON, before: NOON + 10 * MINUTE, limit: 3 };
  it.each<[string, readonly { timestamp: number; closeTime?: number }[], PageRules, number, number]>([
    ['everything asked, when nothing came', [], OLDEST, 0, 10],
    ['everything asked, when fewer rows than the limit came', rowsAt(NOON, NOON + MINUTE), OLDEST, 0, 10],
    [
      'what comes before the end of the last row, when full',
      rowsAt(NOON, NOON + MINUTE, NOON + 4 * MINUTE),
      OLDEST,
      0,
      5,
    ],
    [
      'what comes before the end of a last row that is cut short, when full',
      [...rowsAt(NOON, NOON + MINUTE), { timestamp: NOON + 4 * MINUTE, closeTime: NOON + 4.5 * MINUTE - 1 }],
      OLDEST,
      0,
      4.5,
    ],
    [
      'what comes before the successor of a last row that ends late, when full',
      [...rowsAt(NOON, NOON + MINUTE), { timestamp: NOON + 4 * MINUTE, closeTime: NOON + 9 * MINUTE }],
      OLDEST,
      0,
      5,
    ],
    [
      'what comes before the last row, when full and that says to end before it opens',
      [...rowsAt(NOON, NOON + MINUTE), { timestamp: NOON + 4 * MINUTE - 1, closeTime: 0 }],
      OLDEST,
      0,
      4,
    ],
    [
      'what comes after the first row, when full of the newest',
      rowsAt(NOON + 7 * MINUTE, NOON + 8 * MINUTE, NOON + 9 * MINUTE),
      NEWEST,
      7,
      10,
    ],
  ])('is %s', (_, rows, rules, from, before) => {
    expect(coverageOf(page, rows, rules)).toEqual({ from: NOON + from * MINUTE, before: NOON + before * MINUTE });
  });
});

/** A market as it answers: the rows of a span, from its own end, no more than asked for. */
function answerOf(page: Page, times: readonly number[], rules: PageRules) {
  const within = times.filter((time) => time >= page.from && time < page.before);
  return rowsAt(...(rules.pagesFrom === 'oldest' ? within.slice(0, page.limit) : within.slice(-page.limit)));
}

it.each([OLDEST, NEWEST])(
  'brings every candle of any span, whatever holes it has, page by page ($pagesFrom)',
  (rules) => {
    const holes = fc.array(fc.tuple(fc.nat(1500), fc.nat(700)), { maxLength: 4 });
    const interval = fc.constantFrom<Interval>(...INTERVALS.filter((one) => one !== '3d'));
    fc.assert(
      fc.property(interval, fc.integer({ min: 1, max: 1500 }), holes, (one, count, gaps) => {
        const start = openTimeAt(NOON - 40 * 365 * DAY, one);
        const grid = [start];
        while (grid.length <= count) grid.push(nextOpenTime(grid.at(-1) ?? 0, one));
        const before = grid.pop() ?? 0;
        const times = grid.filter((_, index) => !gaps.some(([from, length]) => index >= from && index < from + length));
        const got: number[] = [];
        let [from, requests] = [start, 0];
        while (from < before) {
          const page = planPage({ interval: one, from, before }, rules);
          const rows = answerOf(page, times, rules);
          const covered = coverageOf(page, rows, rules);
          expect(covered.from).toBe(from);
          expect(page.limit).toBeLessThanOrEqual(500);
          expect(page.before - 1 - page.from).toBeLessThanOrEqual(rules.maxSpanMs);
          got.push(...rows.map((row) => row.timestamp));
          from = covered.before;
          requests += 1;
        }
        expect(got).toEqual(times);
        if (rules === OLDEST) expect(requests).toBeLessThanOrEqual(Math.ceil(count / 500));
      }),
      { numRuns: 60 },
    );
  },
);
