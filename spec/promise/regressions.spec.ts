import { expect, it } from 'vitest';
import { binanceSpot } from '../../src/venues/binance/spot.ts';
import { SIM_START } from '../support/sim-exchange.ts';
import { openTimesOf, SimFeed } from '../support/sim-feed.ts';
import { complaintsAbout } from '../support/sim-oracle.ts';
import { complaintsOf, type Schedule } from '../support/sim-schedule.ts';

const CALM: Schedule = {
  market: 0,
  seed: 0,
  phaseMs: 0,
  spells: [],
  jump: null,
  driftPpm: 0,
  emptyShare: 0,
  absentShare: 0,
  oddShare: 0,
  pause: null,
  lateMs: null,
  lagMs: 0,
  movesMs: 0,
  rotateAfterMs: 82_800_000,
  visits: [],
};
const [SPOT_1S, SPOT, COINM, GATE] = [0, 1, 3, 6];
const stays = (at: number, past: Schedule['visits'][number]['past'] = null, symbol = 0) => ({
  at,
  symbol,
  staysMs: null,
  past,
});

/** Schedules that once broke the promise, named for what a user would have seen. */
it.each<[string, Partial<Schedule>]>([
  [
    'the process did not end after subscribing and leaving within the handshake',
    { market: SPOT_1S, visits: [{ at: 0, symbol: 0, staysMs: 0, past: null }] },
  ],
  [
    'a history whose last candles the exchange lacks never came',
    { market: SPOT, absentShare: 0.3, visits: [stays(0, { history: 1 }), stays(0)] },
  ],
  [
    'a history was taken for empty after a second of empty answers',
    {
      market: 0,
      spells: [{ fault: 'empty answer', from: 0, lasts: 1400, share: 1 }],
      visits: [stays(0, { history: 1 })],
    },
  ],
  [
    'a history with many holes took a second for each',
    { market: SPOT, absentShare: 0.3, visits: [stays(0, { history: 472 }), stays(0)] },
  ],
  [
    'a missing candle was told twice, to the live series and to a history that came across it',
    {
      market: SPOT,
      seed: 355_218,
      jump: { at: 0, byMs: 1_735_684 },
      driftPpm: 184,
      absentShare: 0.3,
      visits: [stays(68_447, null, 1), stays(124_302, { history: 7 }, 1)],
    },
  ],
  [
    'a past stopped for twenty minutes when the clock was found to run ahead by that much',
    {
      market: SPOT,
      seed: 999_987,
      jump: { at: 124_109, byMs: -1_249_130 },
      absentShare: 0.3,
      lateMs: [1127, 1700],
      lagMs: 148,
      movesMs: 251,
      visits: [stays(117_355, { sinceBack: 1093 })],
    },
  ],
  [
    'a past on COIN-M that ended in a hole was asked for in ever longer spans for ever',
    {
      market: COINM,
      seed: 770_631,
      phaseMs: 27_276,
      driftPpm: -3,
      absentShare: 0.3,
      lateMs: [8, 1208],
      lagMs: 128,
      movesMs: 286,
      visits: [stays(110_001, { history: 916 })],
    },
  ],
  [
    'a past on COIN-M began hours too late when REST answered empty at times',
    {
      market: COINM,
      seed: 18,
      phaseMs: 16_641,
      spells: [{ fault: 'empty answer', from: 27_321, lasts: 97_476, share: 0.5 }],
      driftPpm: -9,
      emptyShare: 0.3,
      absentShare: 0.3,
      lateMs: [6, 1245],
      lagMs: 427,
      movesMs: 1,
      visits: [stays(55_439, { sinceBack: 1050 }, 2)],
    },
  ],
  [
    'a minute in a pause was told to nobody when history ended and since went on within it',
    {
      market: SPOT,
      pause: { lasted: 16_699, ago: 9 },
      visits: [stays(93_497, { history: 181, sinceBack: 136 })],
    },
  ],
  [
    'a missing minute was told to nobody when history ended and since went on within it, where pages begin with the newest',
    { market: COINM, seed: 126_065, absentShare: 0.05, visits: [stays(127_794, { history: 1, sinceBack: 39 }, 1)] },
  ],
  [
    'a spoiled minute was told to nobody when the last candle before it reached into it',
    { market: SPOT, seed: 626_281, phaseMs: 50_485, oddShare: 0.3, visits: [stays(111_725, { history: 14 }, 2)] },
  ],
  [
    'a history lacked its last candle, which the one before it reached over',
    {
      market: COINM,
      seed: 13,
      phaseMs: 55_658,
      oddShare: 0.05,
      visits: [stays(19_956, { history: 126, sinceBack: 85 }, 1)],
    },
  ],
  [
    'a history lacked its last candle, which was cut short and which the one before it reached over',
    {
      market: SPOT,
      seed: 304_890,
      absentShare: 0.3,
      oddShare: 0.3,
      visits: [{ at: 0, symbol: 2, staysMs: 34_357, past: { history: 167, sinceBack: 238 } }],
    },
  ],
  [
    'a history before a pause had one candle more, as answers without its end counted as proof of it',
    {
      market: GATE,
      seed: 886_124,
      phaseMs: 22_179,
      spells: [
        { fault: 'left-out row', from: 76_003, lasts: 22_213, share: 0.2 },
        { fault: 'double close', from: 44_503, lasts: 8373, share: 0.2 },
        { fault: 'empty answer', from: 57_116, lasts: 50_584, share: 0.5 },
        { fault: 'no ack', from: 61_011, lasts: 38_205, share: 0.2 },
        { fault: 'drop', from: 14_373, lasts: 70_463, share: 0.5 },
      ],
      driftPpm: 65,
      emptyShare: 0.3,
      absentShare: 0.3,
      pause: { lasted: 4073, ago: 7 },
      jump: { at: 147_732, byMs: 84_982 },
      lateMs: [863, 1507],
      lagMs: 4,
      movesMs: 433,
      visits: [{ ...stays(81_487, { history: 255, sinceBack: 157 }, 1), staysMs: 58_608, running: true }],
    },
  ],
  [
    'the running second was history to one who said to have had it',
    { market: SPOT_1S, visits: [stays(0), stays(58_000, { history: 1, sinceBack: 0 })] },
  ],
])('%s', (_, changes) => {
  expect(complaintsOf({ ...CALM, ...changes })).toEqual([]);
});

const at = (minute: number) => SIM_START + minute * 60_000;
const spoiledFrom = (minute: number, listedAt = at(-4320)) => ({
  listedAt,
  odd: (slot: number) => (slot >= at(minute) && slot < at(0) ? ('unusable' as const) : undefined),
});

it('a history of which every row is spoiled failed', () => {
  const sim = new SimFeed({ venue: binanceSpot, truth: spoiledFrom(-2, at(-2)) });
  const subscriber = sim.subscribe('BTCUSDT', '1m', { history: 1 });
  sim.advance(90_000);
  expect(openTimesOf(subscriber)).toEqual([at(0)]);
  expect(complaintsAbout(sim, { clockErrorMs: 300, tailMs: 20_000 })).toEqual([]);
});

it('a history behind hundreds of spoiled rows was looked for one row at a time', () => {
  const sim = new SimFeed({ venue: binanceSpot, truth: spoiledFrom(-300) });
  const subscriber = sim.subscribe('BTCUSDT', '1m', { history: 1 });
  sim.advance(20_000);
  expect(openTimesOf(subscriber)).toEqual([at(-301)]);
  expect(sim.of('ROW_REJECTED')).toHaveLength(300);
  expect(sim.exchange.rest.klines.length).toBeLessThan(60);
  expect(complaintsAbout(sim, { clockErrorMs: 300, tailMs: 20_000 })).toEqual([]);
});

it('a history began too early when one answer left its newest candle out and the next left all of them out', () => {
  const sim = new SimFeed({ venue: binanceSpot });
  let asked = 0;
  sim.exchange.rest.tamper = (rows, { from }) => {
    if (from !== undefined) return rows;
    asked += 1;
    return asked > 2 ? rows : asked > 1 ? [] : rows.slice(0, -1);
  };
  const subscriber = sim.subscribe('BTCUSDT', '1m', { history: 4 });
  sim.advance(20_000);
  expect(openTimesOf(subscriber)).toEqual([-4, -3, -2, -1].map(at));
});

it('a history began too early when answers that ended before another counted as proof that nothing follows it', () => {
  const sim = new SimFeed({ venue: binanceSpot });
  let asked = 0;
  sim.exchange.rest.tamper = (rows, { from }) => {
    if (from !== undefined) return rows;
    asked += 1;
    return asked > 5 ? rows : rows.slice(0, asked > 1 ? -3 : -1);
  };
  const subscriber = sim.subscribe('BTCUSDT', '1m', { history: 4 });
  sim.advance(20_000);
  expect(openTimesOf(subscriber)).toEqual([-4, -3, -2, -1].map(at));
});
