import { describe, expect, it } from 'vitest';
import { clockOf, failure, FakeMarket, STARTS_AT } from '../../support/fake-market.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Both clocks go on while nothing runs. */
function sleep(clock: VirtualClock, ms: number): void {
  const awake = clock.now;
  clock.now = () => awake() + ms;
}

function rig() {
  const clock = new VirtualClock();
  const market = new FakeMarket(clock);
  let moved = 0;
  const exchange = clockOf(market, clock, () => {
    moved += 1;
  });
  return {
    clock,
    market,
    exchange,
    get moved() {
      return moved;
    },
    /** How far our idea is from the truth, ms. */
    get error() {
      return Math.abs(exchange.now() - market.now());
    },
    asked: () => market.count('time'),
  };
}

describe('the exchange’s clock', () => {
  it('is unknown until the exchange has answered', () => {
    const { clock, exchange } = rig();
    expect(exchange).toMatchObject({ known: false, offsetMs: undefined });
    exchange.ask();
    clock.advance(19);
    expect(exchange.known).toBe(false);
    expect(exchange.atLeast(0)).toBe(-Infinity);
    clock.advance(1);
    expect(exchange.known).toBe(true);
  });

  it('is known to within the time the question took, and surely no earlier than that', () => {
    const r = rig();
    r.exchange.ask();
    r.clock.advance(1000);
    expect(r.error).toBeLessThanOrEqual(1);
    const { exchange, atLeast, local } = r.exchange.at();
    expect(local).toBe(1000);
    expect(exchange - STARTS_AT - local).toBeLessThanOrEqual(1);
    expect(atLeast).toBeLessThanOrEqual(r.market.now());
    expect(atLeast).toBeGreaterThan(r.market.now() - 25);
    expect(r.exchange.exchangeAt(500)).toBeCloseTo(exchange - 500);
  });

  it('says when it was learnt, and not when it stays as it was', () => {
    const r = rig();
    r.exchange.ask();
    r.clock.advance(1000);
    expect(r.moved).toBe(1);
    r.exchange.observe(r.market.now() - 30);
    expect(r.moved).toBe(1);
  });

  it('is asked for by one question at a time, and again every ten minutes', () => {
    const r = rig();
    r.exchange.ask();
    r.exchange.ask();
    expect(r.asked()).toBe(1);
    r.clock.advance(21 * MINUTE);
    expect(r.asked()).toBe(3);
  });

  it('is asked for again when older than somebody wants it', () => {
    const r = rig();
    r.exchange.ask();
    r.clock.advance(2000);
    r.exchange.refresh(2000);
    expect(r.asked()).toBe(1);
    r.exchange.refresh(1999);
    expect(r.asked()).toBe(2);
  });

  it('is asked for again at once, but not for ever, when the first answer was slow', () => {
    const r = rig();
    r.market.latencyMs = 2000;
    r.exchange.ask();
    r.clock.advance(MINUTE);
    expect(r.asked()).toBeGreaterThan(1);
    expect(r.asked()).toBeLessThanOrEqual(3);
  });

  it('is known by a slow answer, if there is no other to be had', () => {
    const r = rig();
    r.market.latencyMs = 2000;
    r.exchange.ask();
    r.clock.advance(2000);
    r.market.failing.time = failure('network');
    r.clock.advance(5000);
    expect(r.exchange.known).toBe(true);
    expect(r.moved).toBeGreaterThan(0);
    expect(r.error).toBeLessThanOrEqual(1001);
  });

  it('is asked for again after 1, 2, 4 … s when there is no answer, at most 30 s', () => {
    const r = rig();
    r.market.failing.time = failure('network');
    r.exchange.ask();
    r.clock.advance(100_000);
    const times = r.market.asked.map((asked) => Number(asked.split(' at ')[1]));
    expect(times.slice(1).map((time, n) => time - (times[n] ?? 0) - 10)).toEqual([
      1000, 2000, 4000, 8000, 16_000, 30_000, 30_000,
    ]);
    r.market.failing = {};
    r.clock.advance(30_000);
    expect(r.error).toBeLessThanOrEqual(1);
  });

  it('is forgotten while nobody needs it, and asks nothing', () => {
    const r = rig();
    r.exchange.ask();
    r.clock.advance(100);
    r.exchange.pause();
    r.clock.advance(60 * MINUTE);
    expect(r.asked()).toBe(1);
    expect(r.exchange.known).toBe(false);
    r.exchange.ask();
    r.clock.advance(100);
    expect(r.exchange.known).toBe(true);
  });

  it('pauses in the middle of a question too', () => {
    const r = rig();
    r.exchange.ask();
    r.exchange.pause();
    r.clock.advance(1000);
    expect(r.exchange.known).toBe(false);
  });
});

describe('a frame’s event time', () => {
  it('is not believed while the exchange may still answer', () => {
    const r = rig();
    r.exchange.ask();
    r.exchange.observe(r.market.now());
    expect(r.exchange.known).toBe(false);
  });

  it('is believed once the exchange cannot be asked, whichever came first', () => {
    const frameFirst = rig();
    frameFirst.market.failing.time = failure('network');
    frameFirst.exchange.ask();
    frameFirst.exchange.observe(frameFirst.market.now() - 40);
    expect(frameFirst.exchange.known).toBe(false);
    frameFirst.clock.advance(10);
    expect(frameFirst.exchange.known).toBe(true);
    expect(frameFirst.error).toBeLessThan(100);

    const failureFirst = rig();
    failureFirst.market.failing.time = failure('network');
    failureFirst.exchange.ask();
    failureFirst.clock.advance(10);
    failureFirst.exchange.observe(failureFirst.market.now() - 40);
    expect(failureFirst.error).toBeLessThan(100);
    expect(failureFirst.moved).toBe(1);
  });

  it('yields to the first answer', () => {
    const r = rig();
    r.market.failing.time = failure('network');
    r.exchange.ask();
    r.clock.advance(10);
    r.exchange.observe(r.market.now() - 5000);
    r.market.failing = {};
    r.clock.advance(2000);
    expect(r.error).toBeLessThanOrEqual(1);
  });

  it.each([
    ['ahead of us makes us ask: a clock has moved', 1500, 2],
    ['little ahead of us does not', 500, 1],
    ['far behind us makes us ask', -20_000, 2],
    ['behind us does not: frames may be late', -10_000, 1],
  ])('%s', (_, byMs, questions) => {
    const r = rig();
    r.exchange.ask();
    r.clock.advance(10_000);
    r.exchange.observe(r.market.now() + byMs);
    expect(r.asked()).toBe(questions);
  });

  it('makes us ask at most every five seconds', () => {
    const r = rig();
    r.exchange.ask();
    for (let second = 0; second < 30; second += 1) {
      r.clock.advance(1000);
      r.exchange.observe(r.market.now() + 5000);
    }
    expect(r.asked()).toBeLessThanOrEqual(6);
  });

  it('is believed against a standing estimate when the exchange cannot be asked: the machine has slept', () => {
    const r = rig();
    r.exchange.ask();
    r.clock.advance(10_000);
    r.market.failing.time = failure('network');
    // Our clock stood still for an hour.
    r.exchange.observe(r.market.now() + 60 * MINUTE);
    r.clock.advance(100);
    expect(Math.abs(r.exchange.now() - (r.market.now() + 60 * MINUTE))).toBeLessThan(200);
    expect(r.moved).toBe(2);
  });

  it('is believed against a standing estimate within two minutes: the local clock leapt a little ahead', () => {
    const r = rig();
    r.exchange.ask();
    r.clock.advance(10_000);
    r.market.failing.time = failure('network');
    r.exchange.refresh(0);
    for (let second = 0; second < 120; second += 1) {
      r.clock.advance(1000);
      r.exchange.observe(r.market.now() - 5000 - (second % 5) * 100);
    }
    expect(Math.abs(r.exchange.now() - (r.market.now() - 5000))).toBeLessThan(200);
  });

  it('is not believed where only some are slow', () => {
    const r = rig();
    r.exchange.ask();
    r.clock.advance(10_000);
    r.market.failing.time = failure('network');
    r.exchange.refresh(0);
    for (let second = 0; second < 120; second += 1) {
      r.clock.advance(1000);
      r.exchange.observe(r.market.now() - (second % 20 === 0 ? 50 : 5000));
    }
    expect(r.error).toBeLessThan(100);
  });
});

describe('after a sleep of an hour', () => {
  it('nothing is begun by the clock of before, until the exchange has answered', () => {
    const r = rig();
    r.exchange.ask();
    r.clock.advance(MINUTE);
    sleep(r.clock, HOUR);
    expect(r.exchange.known).toBe(false);
    r.exchange.refresh(MINUTE);
    r.clock.advance(100);
    expect(r.exchange.known).toBe(true);
    expect(r.error).toBeLessThan(30);
    expect(r.moved).toBe(2);
  });

  it('the clock of before is better than none where the exchange does not answer', () => {
    const r = rig();
    r.exchange.ask();
    r.clock.advance(MINUTE);
    r.market.failing.time = failure('network');
    sleep(r.clock, HOUR);
    expect(r.exchange.known).toBe(false);
    r.exchange.refresh(MINUTE);
    r.clock.advance(100);
    expect(r.exchange.known).toBe(true);
    expect(r.moved).toBe(2);
  });
});
