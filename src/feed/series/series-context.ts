import type { SchedulerLike } from 'rxjs';
import type { FeedEvent, WithoutVenue } from '../../core/events.ts';
import type { Interval } from '../../core/interval.ts';
import type { SeriesRules } from '../../core/series-state.ts';
import type { CandleStream } from '../../ports/candle-stream.ts';
import type { Venue } from '../../ports/connector.ts';
import type { CandleReader } from '../rest/candle-reader.ts';
import type { SeriesGrid } from './series-grid.ts';
import type { SymbolStatusMonitor } from './symbol-status-monitor.ts';
import type { TimerQueue } from './timer-queue.ts';
import type { FeedClock } from '../rest/feed-clock.ts';
import type { FeedStats } from '../feed-stats.ts';
import type { MissingLedger } from './missing-ledger.ts';
import type { CandleBus } from './candle-bus.ts';
import type { SymbolList } from '../rest/symbol-list.ts';
import type { Waits } from '../waits.ts';

/** What all series of a feed share. */
export interface SeriesContext {
  readonly venue: Venue;
  readonly restUrl: string;
  readonly scheduler: SchedulerLike;
  readonly clock: FeedClock;
  readonly timers: TimerQueue;
  readonly stats: FeedStats;
  readonly symbols: SymbolList;
  readonly stream: CandleStream;
  readonly missing: MissingLedger;
  readonly candleBus: CandleBus;
  readonly waits: Waits;
  readonly symbolStatus: SymbolStatusMonitor;
  readonly readerOf: (symbol: string, interval: Interval) => CandleReader;
  /** Shared by all series of an interval, but for grids that differ by symbol. */
  readonly gridOf: (interval: Interval) => SeriesGrid;
  readonly rulesOf: (interval: Interval) => SeriesRules;
  readonly publish: (event: WithoutVenue<FeedEvent>) => void;
}
