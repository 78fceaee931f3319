import type { VenueId } from '../../core/candle.ts';
import { INTERVALS, SHORTEST_LENGTH_MS, type Interval } from '../../core/interval.ts';
import { EVIDENCE, type EvidenceRules } from '../../core/missing-rules.ts';
import type { PageRules, Venue } from '../../ports/connector.ts';
import type { CcxtExchange } from './exchange.ts';
import { rowLimitsIn } from './features.ts';
import { hintsOf, symbolIn } from './symbols.ts';

/** Rows of an answer where ccxt does not say how many it may have: fewer than any of its exchanges is known to give. */
const CAREFUL_ROWS = 100;
/** More are of little use: what is live needs a few, and the past is paged. */
const MOST_ROWS = 500;
const WEEK_MS = 7 * 86_400_000;

/**
 * Whether an interval without trades has a row differs by exchange, and ccxt does not tell. A row that is absent between
 * others, in as many answers as prove it elsewhere, is taken for an interval without trades: on most exchanges it is.
 */
const ABSENT: EvidenceRules = { ...EVIDENCE, emptyIntervals: 'absent' };

/** An exchange of ccxt as a `Venue`. Its markets must have been read. */
export function ccxtVenue(id: VenueId, exchange: CcxtExchange): Venue {
  return {
    id,
    intervals: intervalsOf(exchange),
    closes: 'fetched',
    grids: 'unproven',
    // No exchange's own figures: rows are read when they have had time to settle, and again a second later.
    timing: { graceMs: 2000, settleMs: 2000, silenceMs: 60_000, rotateAfterMs: 23 * 3_600_000 },
    longestPauseMs: WEEK_MS,
    evidence: ABSENT,
    symbolOf: (written) => symbolIn(written, exchange),
    hints: hintsOf(exchange),
  };
}

function intervalsOf({ timeframes }: CcxtExchange): readonly Interval[] {
  return INTERVALS.filter((interval) => Object.hasOwn(timeframes ?? {}, interval));
}

/**
 * One answer: no more open times than it has room for, so that it makes no difference whether an exchange counts rows
 * from the first, from the last, or takes `since` and a number of rows for a span.
 */
export function pagingOf(interval: Interval, exchange: Pick<CcxtExchange, 'features'>): PageRules {
  const rows = rowsOf(exchange.features);
  const maxSpanMs = rows * SHORTEST_LENGTH_MS[interval];
  return { pageRows: rows, maxRows: rows, pagesFrom: 'newest', maxSpanMs, keepsAll: false };
}

/** The fewest that any kind of market of the exchange allows. One place is kept for the row before the first asked for. */
function rowsOf(features: unknown): number {
  const limits = rowLimitsIn(features);
  return (limits.length === 0 ? CAREFUL_ROWS : Math.min(MOST_ROWS, ...limits)) - 1;
}
