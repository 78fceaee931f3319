import type { Candle, EpochMs, VenueId } from '../../src/core/candle.ts';
import type { Connector } from '../../src/ports/connector.ts';
import { listed } from './fake-market.ts';
import { SimDialect } from './sim-dialect.ts';
import { SimRest } from './sim-rest.ts';
import { SimStream } from './sim-stream.ts';
import { SimTime, type ClockJump } from './sim-time.ts';
import { Truth, type TruthOptions } from './sim-truth.ts';
import { Weather, type Spell } from './sim-weather.ts';

export interface SimOptions {
  readonly venue: Connector;
  readonly seed?: number;
  /** The exchange's clock at local time 0. */
  readonly startsAt?: EpochMs;
  readonly spells?: readonly Spell[];
  readonly jumps?: readonly ClockJump[];
  readonly drift?: number;
  readonly truth?: Partial<TruthOptions>;
  readonly symbols?: readonly string[];
  readonly latenessMs?: readonly [number, number];
  readonly lagMs?: number;
  readonly movesAfterCloseMs?: number;
  readonly weightPerMinute?: number;
}

/** 2026-11-20T10:00:00Z, a full hour. */
export const SIM_START = Date.UTC(2026, 10, 20, 10);
const DAY_MS = 86_400_000;

/** From a close to its frame, ms: least and most, as recorded; of OKX and Gate nothing is known. */
const LATENESS_MS: Readonly<Record<VenueId, readonly [number, number]>> = {
  'binance-usdm': [1900, 2400],
  'binance-coinm': [1900, 2400],
  'binance-spot': [5, 200],
  okx: [100, 1100],
  'bybit-spot': [400, 1100],
  'bybit-linear': [400, 1100],
  'bybit-inverse': [400, 1100],
  'gate-spot': [100, 1500],
};

/** An exchange in virtual time: what is true, what it tells, and what goes wrong on the way. */
export class SimExchange {
  readonly venue: Connector;
  readonly time: SimTime;
  readonly truth: Truth;
  readonly weather: Weather;
  readonly stream: SimStream;
  readonly rest: SimRest;

  constructor(options: SimOptions) {
    const { venue, seed = 1, startsAt = SIM_START } = options;
    this.venue = venue;
    this.time = new SimTime(startsAt, options.jumps, options.drift);
    const market = { seed, emptyShare: 0, absentShare: 0, listedAt: startsAt - 3 * DAY_MS };
    const dialect = new SimDialect(venue.id);
    const told = (candle: Candle) => dialect.told(candle);
    this.truth = new Truth(venue.id, { ...market, ...options.truth }, told);
    this.weather = new Weather(options.spells ?? [], { startsAt, seed });
    const latenessMs = options.latenessMs ?? LATENESS_MS[venue.id];
    const symbols = options.symbols ?? ['BTCUSDT', 'ETHUSDT', 'XRPUSDT'];
    dialect.list(symbols);
    const common = { time: this.time, truth: this.truth, weather: this.weather };
    this.stream = new SimStream({ ...common, dialect, latenessMs });
    this.rest = new SimRest({
      ...common,
      venue,
      lagMs: options.lagMs ?? 0,
      movesAfterCloseMs: options.movesAfterCloseMs ?? 0,
      weightPerMinute: options.weightPerMinute,
    });
    this.rest.symbols = symbols.map((symbol) => listed(symbol));
  }
}
