import fc from 'fast-check';
import { DEFAULT_RECONNECT } from '../../src/core/defaults.ts';
import type { ClosedCandlesOptions } from '../../src/core/closed-candles-options.ts';
import { SHORTEST_LENGTH_MS, type Interval } from '../../src/core/interval.ts';
import { binanceCoinm } from '../../src/venues/binance/coinm.ts';
import { binanceSpot } from '../../src/venues/binance/spot.ts';
import { binanceUsdm } from '../../src/venues/binance/usdm.ts';
import { gateSpot } from '../../src/venues/gate/spot.ts';
import { okx } from '../../src/venues/okx/okx.ts';
import { bybitLinear } from '../../src/venues/bybit/market.ts';
import type { Connector } from '../../src/ports/connector.ts';
import { SIM_START } from './sim-exchange.ts';
import { SimFeed } from './sim-feed.ts';
import { complaintsAbout, leftovers, type Tolerance } from './sim-oracle.ts';
import type { TruthOptions } from './sim-truth.ts';
import { REST_FAULTS, STREAM_FAULTS, type Spell } from './sim-weather.ts';

const MARKETS: readonly (readonly [Connector, Interval])[] = [
  [binanceSpot, '1s'],
  [binanceSpot, '1m'],
  [binanceUsdm, '1m'],
  [binanceCoinm, '1m'],
  [bybitLinear, '1m'],
  [okx, '1m'],
  [gateSpot, '1m'],
];
const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'XRPUSDT'];

/** Somebody who subscribes, and perhaps leaves. */
interface Visit {
  readonly at: number;
  readonly symbol: number;
  readonly staysMs: number | null;
  readonly past: { readonly history?: number; readonly sinceBack?: number } | null;
  /** Whether to want updates too. */
  readonly running?: boolean;
}

/** A whole run: everything that follows is decided by it. */
export interface Schedule {
  readonly market: number;
  readonly seed: number;
  /** Where in a minute the run begins, ms. */
  readonly phaseMs: number;
  readonly spells: readonly Spell[];
  readonly jump: { readonly at: number; readonly byMs: number } | null;
  readonly driftPpm: number;
  readonly emptyShare: number;
  readonly absentShare: number;
  readonly oddShare: number;
  /** The exchange paused for so many candles, and went on so many candles before the run. */
  readonly pause: { readonly lasted: number; readonly ago: number } | null;
  readonly lateMs: readonly [number, number] | null;
  readonly lagMs: number;
  readonly movesMs: number;
  readonly rotateAfterMs: number;
  readonly visits: readonly Visit[];
  /** How many connections carry each series; 1 if left out. */
  readonly connections?: 1 | 2;
}

/** Faults stop this long after the start, and so do arrivals, ms. */
const FAULTY_MS = 150_000;
/** Then everything must come back to normal within this, ms. */
const CALM_MS = 240_000;
/** The longest pause between two reads that brought nothing, and then some, ms; the witnesses come on top. */
const TAIL_MS = 40_000;
/** So many candles are older than the run. */
const LISTED_BEFORE = 1500;

const spell: fc.Arbitrary<Spell> = fc
  .record({
    fault: fc.constantFrom(...STREAM_FAULTS, ...REST_FAULTS),
    from: fc.integer({ min: 0, max: FAULTY_MS - 1000 }),
    lasts: fc.oneof(fc.integer({ min: 200, max: 10_000 }), fc.integer({ min: 200, max: 120_000 })),
    share: fc.constantFrom(1, 0.5, 0.2, 0.05),
  })
  .map((one) => ({ ...one, lasts: Math.min(one.lasts, FAULTY_MS - one.from) }));

const visit: fc.Arbitrary<Visit> = fc.record({
  at: fc.integer({ min: 0, max: FAULTY_MS }),
  symbol: fc.nat({ max: SYMBOLS.length - 1 }),
  staysMs: fc.option(fc.integer({ min: 0, max: 120_000 })),
  past: fc.option(
    fc.oneof(
      fc.record({ history: fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 1300 })) }),
      fc.record({ sinceBack: fc.oneof(fc.integer({ min: -3, max: 20 }), fc.integer({ min: -3, max: 1300 })) }),
      fc.record({ history: fc.nat({ max: 300 }), sinceBack: fc.integer({ min: -3, max: 300 }) }),
    ),
  ),
  running: fc.boolean(),
});

/** The machine sleeps. (A monotonic clock does not leap ahead; what then happens is in clocks.spec.ts.) */
const jump = fc.record({
  at: fc.integer({ min: 0, max: FAULTY_MS }),
  byMs: fc.oneof(fc.integer({ min: 0, max: 90_000 }), fc.integer({ min: 0, max: 3_600_000 })),
});

export const schedule: fc.Arbitrary<Schedule> = fc.record({
  market: fc.nat({ max: MARKETS.length - 1 }),
  seed: fc.nat({ max: 1_000_000 }),
  phaseMs: fc.nat({ max: 59_999 }),
  spells: fc.array(spell, { maxLength: 14 }),
  jump: fc.option(jump, { freq: 3 }),
  driftPpm: fc.integer({ min: -200, max: 200 }),
  emptyShare: fc.constantFrom(0, 0.3, 0.9),
  absentShare: fc.constantFrom(0, 0, 0.05, 0.3),
  oddShare: fc.constantFrom(0, 0, 0.05, 0.3),
  pause: fc.option(fc.record({ lasted: fc.integer({ min: 1, max: 20_000 }), ago: fc.integer({ min: 1, max: 700 }) })),
  lateMs: fc.option(fc.tuple(fc.integer({ min: 0, max: 1200 }), fc.integer({ min: 1200, max: 2400 }))),
  lagMs: fc.integer({ min: 0, max: 450 }),
  movesMs: fc.integer({ min: 0, max: 450 }),
  rotateAfterMs: fc.constantFrom(82_800_000, 82_800_000, 60_000, 30_000),
  visits: fc.array(visit, { minLength: 1, maxLength: 5 }),
  // The last one: what is drawn before it stays what it was before there was a choice.
  connections: fc.constantFrom(1, 1, 1, 2),
});

/** Runs a schedule to its end and says what broke the promise. */
export function complaintsOf(plan: Schedule): readonly string[] {
  const sim = runOf(plan);
  const complaints = complaintsAbout(sim, toleranceOf(plan));
  sim.leaveAll();
  sim.advance(2000);
  return [...complaints, ...leftovers(sim)];
}

/** Runs a schedule until all has been calm for a while. */
export function runOf(plan: Schedule): SimFeed {
  const sim = simOf(plan);
  for (const { at, action } of actionsOf(sim, plan)) {
    sim.exchange.time.advanceTo(at);
    action();
  }
  const leapMs = Math.max(0, -(plan.jump?.byMs ?? 0));
  sim.exchange.time.advanceTo(FAULTY_MS + CALM_MS + leapMs);
  return sim;
}

/** The same without faults, and nobody comes just before or after a close. */
export const healthySchedule: fc.Arbitrary<Schedule> = schedule.map((plan) => ({
  ...plan,
  market: Math.max(1, plan.market),
  spells: [],
  jump: null,
  absentShare: 0,
  oddShare: 0,
  lateMs: null,
  visits: plan.visits.map((one) => ({ ...one, past: null, at: calmMoment(one.at, plan.phaseMs) })),
}));

function calmMoment(at: number, phaseMs: number): number {
  const second = (at + phaseMs) % 60_000;
  const calm = at - second + 5000 + (second * 5) / 6;
  return calm < 0 ? calm + 60_000 : calm;
}

export function simOf(plan: Schedule): SimFeed {
  const [venue, interval] = marketOf(plan);
  const { seed, phaseMs, spells, driftPpm, emptyShare, absentShare, oddShare, rotateAfterMs, connections = 1 } = plan;
  return new SimFeed(
    {
      venue,
      seed,
      startsAt: SIM_START + phaseMs,
      spells,
      jumps: plan.jump === null ? [] : [plan.jump],
      drift: driftPpm / 1e6,
      truth: {
        emptyShare,
        absentShare: interval === '1s' ? absentShare / 10 : absentShare,
        oddShare: oddShareOf(venue, interval, oddShare),
        ...pauseOf(plan, SHORTEST_LENGTH_MS[interval], venue.rest.paging.keptMs?.[interval]),
      },
      lagMs: plan.lagMs,
      movesAfterCloseMs: plan.movesMs,
      ...(plan.lateMs === null ? {} : { latenessMs: plan.lateMs }),
    },
    { rotateAfterMs, connections, reconnect: { ...DEFAULT_RECONNECT, maxRetries: Infinity, maxDelayMs: 10_000 } },
  );
}

/** Rows that are cut short or late are Binance's; others' do not even say when they close. */
function oddShareOf({ id }: Connector, interval: Interval, oddShare: number): number {
  if (!id.startsWith('binance-')) return 0;
  return interval === '1s' ? oddShare / 10 : oddShare;
}

/** All that is truth here is kept by the venue: of what is not kept any more nobody can say whether it was. */
function pauseOf({ pause }: Schedule, lengthMs: number, keptMs = Infinity): Pick<TruthOptions, 'listedAt' | 'holes'> {
  const { lasted: wanted, ago } = pause ?? { lasted: 0, ago: 0 };
  const lasted = Math.min(wanted, keptMs / lengthMs - 2 * LISTED_BEFORE);
  const before = SIM_START - ago * lengthMs;
  const holes = [{ from: before - lasted * lengthMs, before }];
  return { listedAt: SIM_START - (LISTED_BEFORE + lasted) * lengthMs, holes };
}

/** The schedules of one venue alone, by its first line in `MARKETS`; of all where it is undefined. */
export function schedulesOf(id: string | undefined): fc.Arbitrary<Schedule> {
  const market = MARKETS.findIndex(([venue]) => venue.id === id);
  if (id !== undefined && market < 0) throw new Error(`${id} has no line in MARKETS`);
  return id === undefined ? schedule : schedule.map((plan) => ({ ...plan, market }));
}

function marketOf({ market }: Schedule): readonly [Connector, Interval] {
  return MARKETS[market] ?? [binanceUsdm, '1m'];
}

/** Who comes and goes when, in order. */
function actionsOf(sim: SimFeed, plan: Schedule): readonly { at: number; action: () => void }[] {
  const [, interval] = marketOf(plan);
  const actions = plan.visits.flatMap(({ at, symbol, staysMs, past, running = false }) => {
    let leave: () => void = () => undefined;
    const come = () => {
      const series = { symbol: SYMBOLS[symbol] ?? 'BTCUSDT', interval };
      const subscriber = sim.join(series, optionsOf(past, interval, sim.now), running);
      leave = () => {
        sim.leave(subscriber);
      };
    };
    const coming = { at, action: come };
    return staysMs === null ? [coming] : [coming, { at: at + staysMs, action: () => { leave(); } }];
  }); // prettier-ignore
  return actions.sort((a, b) => a.at - b.at);
}

function optionsOf(past: Visit['past'], interval: Interval, now: number): ClosedCandlesOptions {
  if (past === null) return {};
  const { history, sinceBack } = past;
  return {
    ...(history === undefined ? {} : { history }),
    ...(sinceBack === undefined ? {} : { since: Math.floor(now - sinceBack * SHORTEST_LENGTH_MS[interval]) }),
  };
}

/** Where the exchange's time cannot be asked, or answers are slow, the running candle is a guess within that. */
function toleranceOf(plan: Schedule): Tolerance {
  const { spells, jump: leap } = plan;
  const [{ evidence }] = marketOf(plan);
  const has = (...faults: readonly string[]) => spells.some(({ fault }) => faults.includes(fault));
  const vague = has('no time', 'network', 'timeout', 'server', 'malformed', 'hang', 'banned', 'rate limited');
  const clockErrorMs = vague ? 25_000 : has('slow') ? 4000 : 400;
  return { clockErrorMs: clockErrorMs + Math.abs(leap?.byMs ?? 0), tailMs: TAIL_MS + evidence.missingAfter.overMs };
}
