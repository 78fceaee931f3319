import { describe, expect, it } from 'vitest';
import { FIELDS, type Candle } from '../../src/core/candle.ts';
import { binanceCoinm } from '../../src/venues/binance/coinm.ts';
import { binanceSpot } from '../../src/venues/binance/spot.ts';
import { binanceUsdm } from '../../src/venues/binance/usdm.ts';
import type { Connector } from '../../src/ports/connector.ts';
import { SIM_START } from '../support/sim-exchange.ts';
import { openTimesOf, SimFeed } from '../support/sim-feed.ts';
import { complaintsAbout } from '../support/sim-oracle.ts';
import type { Oddity } from '../support/sim-truth.ts';

const MINUTE = 60_000;
const RIGHT = { clockErrorMs: 300, tailMs: 20_000 };
const at = (minute: number) => SIM_START + minute * MINUTE;
const oddAt = (minute: number, oddity: Oddity) => ({
  odd: (slot: number) => (slot === at(minute) ? oddity : undefined),
});

describe.each<[Oddity, readonly number[]]>([
  ['over by 1 ms', [0]],
  ['over by 999 ms', [0]],
  ['over by all', [0]],
  ['late', [0.3]],
  ['late and over', [0.3]],
  ['cut short', [0]],
  ['two', [0, 0.5]],
])('a row that is %s is a candle as it is, and so is the one after it', (oddity, opens) => {
  it.each(['history', 'since'] as const)('with %s', (past) => {
    const sim = new SimFeed({ venue: binanceSpot, truth: oddAt(-100, oddity) });
    const subscriber = sim.subscribe('BTCUSDT', '1m', past === 'history' ? { history: 150 } : { since: at(-103) });
    sim.advance(15_000);
    const around = openTimesOf(subscriber).filter((time) => time >= at(-101) && time <= at(-99));
    expect(around).toEqual([-1, ...opens, 1].map((minute) => at(-100 + minute)));
    expect(sim.of('CANDLE_MISSING')).toEqual([]);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });

  it('from the stream', () => {
    const sim = new SimFeed({ venue: binanceSpot, truth: oddAt(2, oddity) });
    const subscriber = sim.subscribe('BTCUSDT', '1m');
    sim.advance(5 * MINUTE + 20_000);
    expect(openTimesOf(subscriber)).toEqual([0, 1, ...opens.map((minute) => 2 + minute), 3, 4].map(at));
    expect(sim.of('CANDLE_MISSING')).toEqual([]);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });
});

it('is not skipped by a program that goes on after a candle that was cut short', () => {
  const sim = new SimFeed({ venue: binanceSpot, truth: oddAt(-1, 'two') });
  const subscriber = sim.subscribe('BTCUSDT', '1m', { since: at(-1) });
  sim.advance(2 * MINUTE);
  expect(openTimesOf(subscriber)).toEqual([-0.5, 0, 1].map(at).slice(0, subscriber.got.length));
  expect(subscriber.got.length).toBeGreaterThanOrEqual(2);
});

it('is told on the bus once, if its last subscriber leaves and another comes before its slot is over', () => {
  const sim = new SimFeed({ venue: binanceSpot, truth: oddAt(2, 'cut short') });
  const first = sim.subscribe('BTCUSDT', '1m');
  sim.advance(2 * MINUTE + 45_000);
  sim.leave(first);
  sim.advance(2000);
  const second = sim.subscribe('BTCUSDT', '1m');
  sim.advance(2 * MINUTE);
  expect(openTimesOf(first)).toEqual([0, 1, 2].map(at));
  expect(openTimesOf(second)).toEqual([2, 3].map(at));
  expect(sim.of('CANDLE_CLOSED').map(({ candle }) => candle.timestamp)).toEqual([0, 1, 2, 3].map(at));
});

const MARKETS = [binanceUsdm, binanceCoinm, binanceSpot].map((venue): [string, Connector] => [venue.id, venue]);
describe.each(MARKETS)('a row of which no candle can be made (%s)', (_, venue) => {
  it('costs itself alone, in the past', () => {
    const sim = new SimFeed({ venue, truth: oddAt(-100, 'unusable') });
    sim.subscribe('BTCUSDT', '1m', { history: 300 });
    sim.subscribe('BTCUSDT', '1m', { since: at(-200) });
    sim.advance(15_000);
    expect(sim.of('ROW_REJECTED')).toMatchObject([{ timestamp: at(-100), reason: 'a volume is negative' }]);
    expect(sim.of('CANDLE_MISSING')).toMatchObject([{ from: at(-100), to: at(-100), reason: 'rejected' }]);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });

  it('costs itself alone, live', () => {
    const sim = new SimFeed({ venue, truth: oddAt(1, 'unusable') });
    const subscriber = sim.subscribe('BTCUSDT', '1m');
    sim.advance(4 * MINUTE + 20_000);
    expect(openTimesOf(subscriber)).toEqual([0, 2, 3].map(at));
    const [rejected] = sim.of('ROW_REJECTED');
    expect((rejected?.at ?? 0) - at(2)).toBeGreaterThanOrEqual(5000);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });

  it('may be one of a thousand in a row', () => {
    const truth = { odd: (slot: number) => (slot >= at(-1200) && slot < at(-200) ? ('unusable' as const) : undefined) };
    const sim = new SimFeed({ venue, truth });
    sim.subscribe('BTCUSDT', '1m', { since: at(-1300) });
    sim.advance(90_000);
    expect(sim.of('ROW_REJECTED')).toHaveLength(1000);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });

  it('may be the first of all', () => {
    const truth = { ...oddAt(-100, 'unusable'), listedAt: at(-100) };
    const sim = new SimFeed({ venue, truth });
    const subscriber = sim.subscribe('BTCUSDT', '1m', { history: 200 });
    sim.advance(60_000);
    expect(openTimesOf(subscriber).slice(0, 2)).toEqual([-99, -98].map(at));
  });
});

it('every candle is frozen, its keys in one order, whatever its source', () => {
  const sim = new SimFeed({ venue: binanceUsdm });
  sim.exchange.stream.swallow = (_series, openTime) => openTime === at(1);
  const seen: Candle[] = [];
  const running: Candle[] = [];
  sim.subscribe('BTCUSDT', '1m', { history: 3 });
  sim.feed.candles$('BTCUSDT', '1m').subscribe((candle) => running.push(candle));
  sim.advance(4 * MINUTE);
  seen.push(...(sim.subscribers[0]?.got ?? []).map(({ candle }) => candle));
  expect(new Set(seen.map(({ source }) => source))).toEqual(new Set(['history', 'stream', 'backfill']));
  for (const candle of seen) expect([Object.keys(candle), Object.isFrozen(candle)]).toEqual([FIELDS, true]);
  expect(running.length).toBeGreaterThan(3);
  for (const candle of running)
    expect([Object.keys(candle), Object.isFrozen(candle)]).toEqual([[...FIELDS, 'closed'], true]);
});
