import type { Interval, VenueId } from '../../src/index.ts';
import type { RandomFault } from '../../src/testing/index.ts';
import { BACK_IN_TIME, CHAOS } from './faults.ts';

/** What a run must know of a venue. */
export interface ChaosVenue {
  readonly id: VenueId;
  /** Of the shortest candles. */
  readonly interval: Interval;
  readonly lengthMs: number;
  /** How a symbol is spelt. */
  readonly symbolOf: (name: string) => string;
  readonly faults: readonly RandomFault[];
  /** Whether a REST row says when its candle closes: only then can one close at an odd time. */
  readonly rowsTellClose: boolean;
  /** How long faults last, and how long it is calm after them at least. */
  readonly faultyMs: number;
  readonly calmMs: number;
  /** How long before a close the run begins. */
  readonly leadMs: number;
  /** How long one market paused. */
  readonly pauseMs: number;
  /** Faults that leave the client waiting on purpose (back-off, bans, half-open peers) may cost this much after they end, ms. */
  readonly longestRecoveryMs: number;
}

const DAY = 86_400_000;

/** Some 25 closes under faults. */
const SECONDS = { interval: '1s', lengthMs: 1000, faultyMs: 25_000, calmMs: 12_000, leadMs: 1000 } as const;

/** Two closes under faults, at 8 s and 68 s, and one after them, at 128 s. */
const MINUTES = { interval: '1m', lengthMs: 60_000, faultyMs: 72_000, calmMs: 60_000, leadMs: 8000 } as const;

const BYBIT = {
  ...MINUTES,
  // A ban that does not say when it ends lasts ten minutes, which is longer than a run.
  faults: CHAOS.filter(({ name }) => name !== 'REST: banned in words'),
  rowsTellClose: false,
  pauseMs: 150 * DAY,
  longestRecoveryMs: 45_000,
} as const;

const usdt = (name: string) => `${name}USDT`;

export const CHAOS_VENUES: readonly ChaosVenue[] = [
  {
    ...SECONDS,
    id: 'binance-spot',
    symbolOf: usdt,
    faults: CHAOS,
    rowsTellClose: true,
    pauseMs: 150 * DAY,
    longestRecoveryMs: 45_000,
  },
  {
    ...SECONDS,
    id: 'okx',
    symbolOf: (name) => `${name}-USDT`,
    faults: [...CHAOS, BACK_IN_TIME],
    rowsTellClose: false,
    // It keeps candles of a second for three months.
    pauseMs: 60 * DAY,
    // It answers ten requests a second, and where rows are left out some thirty of them find the first candle of a series.
    longestRecoveryMs: 150_000,
  },
  { ...BYBIT, id: 'bybit-spot', symbolOf: usdt },
  { ...BYBIT, id: 'bybit-linear', symbolOf: usdt },
  { ...BYBIT, id: 'bybit-inverse', symbolOf: (name) => `${name}USD` },
  {
    ...MINUTES,
    id: 'gate-spot',
    symbolOf: (name) => `${name}_USDT`,
    faults: CHAOS,
    rowsTellClose: false,
    // It keeps the newest 10,000 candles, a week of minutes.
    pauseMs: 3 * DAY,
    longestRecoveryMs: 45_000,
  },
];

/** @throws RangeError for a venue without an entry */
export function chaosVenue(id: string): ChaosVenue {
  const venue = CHAOS_VENUES.find((one) => one.id === id);
  if (venue !== undefined) return venue;
  throw new RangeError(`CHAOS_VENUE=${id}: one of ${CHAOS_VENUES.map((one) => one.id).join(', ')}`);
}
