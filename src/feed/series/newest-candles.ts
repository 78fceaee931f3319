import type { SchedulerLike } from 'rxjs';
import type { EpochMs } from '../../core/candle.ts';
import type { CandleReader } from '../rest/candle-reader.ts';
import type { FeedClock } from '../rest/feed-clock.ts';
import type { Patiently, Waits } from '../waits.ts';
import type { SeriesName } from './series-name.ts';

/** What questions about the newest candles of one series need. */
export interface NewestCandles {
  readonly reader: CandleReader;
  readonly scheduler: SchedulerLike;
  readonly now: () => EpochMs;
  readonly patiently$: Patiently;
}

interface Deps {
  readonly clock: FeedClock;
  readonly scheduler: SchedulerLike;
  readonly waits: Waits;
}

export function newestCandles(series: SeriesName, reader: CandleReader, deps: Deps): NewestCandles {
  const { clock, scheduler, waits } = deps;
  return { reader, scheduler, now: () => clock.now(), patiently$: waits.patiently('last candle', series) };
}
