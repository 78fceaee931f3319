import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rateWindow, type RateWindow, type Spending } from '../../src/core/rate-limit.ts';

const MINUTE = 60_000;
const NOON = Date.UTC(2026, 10, 22, 12);
const at = (exchange: number) => ({ exchange, steady: exchange - NOON });
const minute = () => rateWindow({ window: 'fixed', windowMs: MINUTE });

/** What was done to a window: `spend` and `settle` name a request by its weight. */
class Told {
  readonly window: RateWindow;
  readonly #open: Spending[] = [];

  constructor(window = minute()) {
    this.window = window;
  }

  spend(amount: number, now = NOON): this {
    this.#open.push(this.window.spend(amount, at(now)));
    return this;
  }

  /** The first request without an answer gets one. */
  settle(told?: number, now = NOON): this {
    const spending = this.#open.shift();
    if (spending !== undefined) this.window.settle(spending, told, at(now));
    return this;
  }
}

const told = () => new Told();

describe('what is used of a fixed window', () => {
  it.each<[string, Told, number, number]>([
    ['nothing before the first request', told(), NOON, 0],
    ['what was sent, answered or not', told().spend(5).spend(2, NOON + 10), NOON + 20, 7],
    ['what was sent, although the answer told nothing', told().spend(5).settle(), NOON, 5],
    ['what the host tells where that is more: another program shares our address', told().spend(5).settle(900), NOON, 900],
    ['what the host tells where that is less: a request weighs less there', told().spend(2).settle(1), NOON, 1],
    ['that and the requests that it may not have seen yet', told().spend(5).spend(2).settle(900), NOON, 902],
    ['that and the requests of which nothing was told', told().spend(5).spend(2).settle(10).settle(), NOON, 12],
    ['the most it told, whatever order answers come in', told().spend(1).spend(1).settle(8).settle(7), NOON, 8],
    ['nothing when a minute has passed', told().spend(5).settle(5), NOON + MINUTE, 0],
    ['what is still in flight when a minute begins', told().spend(5).spend(3).settle(), NOON + MINUTE, 3],
    ['nothing of a count that speaks of the minute before', told().spend(5, NOON - 10).settle(2300, NOON + 10), NOON + 10, 5],
    ['all of it when the clock is set back', told().spend(5).settle(), NOON - 3 * MINUTE, 5],
  ])('is %s', (_, { window }, now, used) => {
    expect(window.used(at(now))).toBe(used);
  }); // prettier-ignore
});

describe('the wait for a fixed window', () => {
  it.each<[string, Told, number, number, number]>([
    ['none while there is room', told().spend(90), 10, NOON, 0],
    ['none for the first request, however heavy', told(), 500, NOON, 0],
    ['until the next minute has surely begun', told().spend(91).settle(), 10, NOON + 59_000, 1250],
    ['none in the next minute', told().spend(91).settle(), 10, NOON + MINUTE, 0],
  ])('is %s', (_, { window }, weight, now, wait) => {
    expect(window.waitMs(weight, 100, at(now))).toBe(wait);
  });

  it('is never longer than a minute and the doubt about our clock', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), (now) => {
        const wait = minute().resetMs(at(now));
        expect(wait).toBeGreaterThan(250);
        expect(wait).toBeLessThanOrEqual(60_250);
        expect(Math.floor((now + wait) / MINUTE)).toBe(Math.floor(now / MINUTE) + 1);
      }),
    );
  });
});

describe('a sliding window', () => {
  const sliding = () => new Told(rateWindow({ window: 'sliding', windowMs: 2000 }));

  it.each<[string, Told, number, number]>([
    ['none while there is room', sliding().spend(9), NOON, 0],
    ['none for the first request, however heavy', sliding(), NOON, 0],
    ['until the oldest has been answered for as long as the window', sliding().spend(9).spend(1).settle().settle(0, NOON + 500), NOON + 800, 1200],
    ['to the next look where too much is under way', sliding().spend(10), NOON + 5000, 2000],
    ['none when the window is over', sliding().spend(10).settle(), NOON + 2000, 0],
  ])('waits %s', (_, { window }, now, wait) => {
    expect(window.waitMs(1, 10, at(now))).toBe(wait);
  }); // prettier-ignore

  it('does not mind what the exchange’s clock does', () => {
    const { window } = sliding().spend(10).settle();
    expect(window.used({ exchange: NOON + 3_600_000, steady: 1000 })).toBe(10);
  });
});

/** Random requests, each counted by the host at any moment between sending and answer. */
const steps = fc.array(
  fc.record({
    weight: fc.integer({ min: 1, max: 10 }),
    passes: fc.integer({ min: 0, max: 20_000 }),
    lasts: fc.nat(3),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  { maxLength: 60 },
);

interface Sent {
  readonly weight: number;
  readonly share: number;
  readonly sentAt: number;
  readonly spending: Spending;
  lasts: number;
  countedAt: number;
}

/** What the host counts, when, of requests that were only sent when the window said so. */
function countedBy(
  window: RateWindow,
  script: typeof steps extends fc.Arbitrary<infer T> ? T : never,
): readonly Sent[] {
  const all: Sent[] = [];
  let [now, open] = [NOON, [] as Sent[]];
  for (const { weight, passes, lasts, share } of script) {
    now += passes;
    for (const one of open.filter((sent) => sent.lasts-- <= 0)) {
      one.countedAt = one.sentAt + (now - one.sentAt) * one.share;
      window.settle(one.spending, undefined, at(now));
    }
    open = open.filter((one) => one.lasts >= 0);
    if (window.waitMs(weight, 30, at(now)) > 0) continue;
    const sent = { weight, share, lasts, sentAt: now, countedAt: now, spending: window.spend(weight, at(now)) };
    open.push(sent);
    all.push(sent);
  }
  return all;
}

it('a fixed window keeps its limit in any order of requests and answers', () => {
  fc.assert(
    fc.property(steps, (script) => {
      const perMinute = new Map<number, number>();
      for (const { weight, sentAt } of countedBy(minute(), script)) {
        const start = Math.floor(sentAt / MINUTE);
        perMinute.set(start, (perMinute.get(start) ?? 0) + weight);
      }
      expect(Math.max(0, ...perMinute.values())).toBeLessThanOrEqual(30);
    }),
  );
});

it('a sliding window keeps its limit whenever the host counts', () => {
  fc.assert(
    fc.property(steps, (script) => {
      const all = countedBy(rateWindow({ window: 'sliding', windowMs: 30_000 }), script);
      for (const { countedAt } of all) {
        const span = all.filter((one) => one.countedAt > countedAt - 30_000 && one.countedAt <= countedAt);
        expect(span.reduce((sum, { weight }) => sum + weight, 0)).toBeLessThanOrEqual(30);
      }
    }),
  );
});
