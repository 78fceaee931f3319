import { map, type Observable, type SchedulerLike } from 'rxjs';
import type { EpochMs } from '../core/candle.ts';
import type { FeedEvent, WithoutVenue } from '../core/events.ts';
import type { TimeSample } from '../core/exchange-clock.ts';
import { openTimeAt, type Interval } from '../core/interval.ts';
import type { SeriesRules } from '../core/series-state.ts';
import type { CountedCandleStream } from '../ports/candle-stream.ts';
import type { PageRules, Venue } from '../ports/connector.ts';
import type { MarketData } from '../ports/market-data.ts';
import { candleReader } from './rest/series-reader.ts';
import { TimerQueue } from './series/timer-queue.ts';
import type { EventBus } from './event-bus.ts';
import { guardedScheduler, type OnBug } from './guarded.ts';
import { FeedClock } from './rest/feed-clock.ts';
import type { FeedStats } from './feed-stats.ts';
import type { SeriesContext } from './series/series-context.ts';
import { MissingLedger } from './series/missing-ledger.ts';
import { CandleBus } from './series/candle-bus.ts';
import { SeriesGrid } from './series/series-grid.ts';
import { SymbolStatusSource } from './series/last-close.ts';
import { SymbolStatusMonitor } from './series/symbol-status-monitor.ts';
import { SymbolList } from './rest/symbol-list.ts';
import { Waits } from './waits.ts';

/** All dependencies of a feed, explicit: no defaults. */
export interface CandleFeedParts {
  readonly venue: Venue;
  /** The REST host, for messages. */
  readonly restUrl: string;
  /** What one request for candles of an interval may ask for. */
  readonly pagingOf: (interval: Interval) => PageRules;
  readonly graceMs: number;
  readonly settleMs: number;
  /** A `since` before this, but for 0, is refused; ms UTC. */
  readonly earliestSince: EpochMs;
  readonly bus: EventBus;
  /** The venue's REST interface, within the host's limits; `exchangeNow` is the feed's clock. */
  readonly restWith: (exchangeNow: () => EpochMs) => MarketData;
  readonly streamWith: (context: StreamContext) => CountedCandleStream;
  /** Monotonic local time. */
  readonly scheduler: SchedulerLike;
  /** The machine's wall clock, for `status$`. */
  readonly wallClockNow: () => EpochMs;
}

/** What a stream is given by its feed. */
export interface StreamContext {
  readonly scheduler: SchedulerLike;
  readonly clock: FeedClock;
  readonly waits: Waits;
  readonly publish: (event: WithoutVenue<FeedEvent>) => void;
  /** Its statistics have changed. */
  readonly onChanged: () => void;
}

/** Callbacks from the parts of a feed. */
export interface WiringListener {
  readonly publish: (event: WithoutVenue<FeedEvent>) => void;
  /** The exchange's clock became known, or was corrected. */
  readonly onClockMoved: () => void;
  /** The symbol list was read, or could not be. */
  readonly onSymbols: () => void;
  /** A part that all series share failed. */
  readonly onBug: OnBug;
}

/** The parts of one feed, wired together. `stream` is the same as in `seriesContext`, with its statistics. */
export interface FeedWiring {
  readonly seriesContext: SeriesContext;
  readonly stream: CountedCandleStream;
  readonly rest: Pick<MarketData, 'pause' | 'use'>;
}

/** Constructs what all series of a feed share. */
export function wireFeed(parts: CandleFeedParts, stats: FeedStats, listener: WiringListener): FeedWiring {
  const scheduler = guardedScheduler(parts.scheduler, listener.onBug);
  const now = (): EpochMs => (clock.known ? clock.now() : parts.wallClockNow());
  const waits = new Waits({ scheduler, now, publish: listener.publish });
  const rest = parts.restWith(() => clock.now());
  const { clock, symbols } = openShared(rest, scheduler, { waits, listener });
  const stream = parts.streamWith({
    scheduler,
    clock,
    waits,
    publish: listener.publish,
    onChanged: () => stats.changed(),
  });
  const klines$: MarketData['klines$'] = (request, priority) => rest.klines$(request, priority);
  const readingOf = oncePerInterval((interval) => ({ klines$, clock, limits: parts.pagingOf(interval), scheduler }));
  const readerOf: SeriesContext['readerOf'] = (symbol, interval) => candleReader(symbol, interval, readingOf(interval));
  const { venue, restUrl } = parts;
  const seriesContext: SeriesContext = {
    venue,
    restUrl,
    scheduler,
    clock,
    timers: new TimerQueue(scheduler, () => clock.now()),
    stats,
    symbols,
    stream,
    missing: new MissingLedger(),
    candleBus: new CandleBus(listener.publish),
    waits,
    symbolStatus: new SymbolStatusMonitor(
      new SymbolStatusSource({ venue, scheduler, clock, symbols, waits, readerOf }),
    ),
    readerOf,
    gridOf: gridsOf(venue),
    rulesOf: oncePerInterval((interval) => rulesOf(interval, parts)),
    publish: listener.publish,
  };
  return { seriesContext, stream, rest };
}

function rulesOf(interval: Interval, { venue, graceMs, settleMs }: CandleFeedParts): SeriesRules {
  const { evidence, closes } = venue;
  // Any open time, so that all series of the interval share the rules as their grid.
  const gridPoint = interval === '3d' ? undefined : openTimeAt(0, interval);
  return { interval, graceMs, settleMs, evidence, fetched: closes === 'fetched', warmUp: false, gridPoint };
}

/** One grid for each interval, unless it has to be learnt for each symbol. */
function gridsOf(venue: Venue): SeriesContext['gridOf'] {
  const newGrid = (interval: Interval) => new SeriesGrid(interval, venue);
  const shared = oncePerInterval(newGrid);
  return (interval) => (shared(interval).isKnown ? shared(interval) : newGrid(interval));
}

/** Memoizes by interval, so that thousands of series share it. */
function oncePerInterval<T>(make: (interval: Interval) => T): (interval: Interval) => T {
  const made = new Map<Interval, T>();
  return (interval) => {
    const one = made.get(interval) ?? make(interval);
    made.set(interval, one);
    return one;
  };
}

/** The clock and the symbol list, shared by all series. */
function openShared(
  rest: MarketData,
  scheduler: SchedulerLike,
  { waits, listener: { onBug, onClockMoved, onSymbols } }: { waits: Waits; listener: WiringListener },
) {
  const clock = new FeedClock({
    scheduler,
    askTime$: () => timeSample$(rest),
    onMoved: onClockMoved,
    onBug,
    beginWait: () => waits.begin({ what: 'clock' }),
  });
  const symbols = new SymbolList({
    symbols$: () => rest.symbols$(),
    scheduler,
    onRead: onSymbols,
    onBug,
    beginWait: () => waits.begin({ what: 'symbol list' }),
  });
  return { clock, symbols };
}

function timeSample$(rest: MarketData): Observable<TimeSample> {
  return rest.serverTime$().pipe(map(({ value, ...times }) => ({ serverTime: value, ...times })));
}
