import type { Feed } from '../../src/index.ts';
import type { FakeExchange, FakeSymbol } from '../../src/testing/index.ts';
import type { ChaosVenue } from './venues.ts';
import type { SeriesKey, Visits } from './visits.ts';

/** Everything that a run is played with. */
export interface Stage {
  readonly exchange: FakeExchange;
  readonly feed: Feed;
  readonly visits: Visits;
  readonly random: () => number;
  readonly venue: ChaosVenue;
  readonly seed: number;
}

/** Thirty series; every third one of a thin market. */
export const SYMBOLS: readonly FakeSymbol[] = Array.from({ length: 30 }, (_, index) => ({
  symbol: `${String.fromCharCode(65 + (index % 26))}${String.fromCharCode(65 + (index % 7))}${index}`,
  ...(index % 3 === 0 && { emptySeconds: [0.3, 0.9][index % 2] ?? 0 }),
  ...(index % 10 === 0 && { emptyMinutes: 0.5 }),
}));

/** The market that was paused. */
export const PAUSED = 15;

export function seriesOf({ venue }: Pick<Stage, 'venue'>, index: number): SeriesKey {
  return { venue: venue.id, symbol: venue.symbolOf(SYMBOLS[index]?.symbol ?? ''), interval: venue.interval };
}
