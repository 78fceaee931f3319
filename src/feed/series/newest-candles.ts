import type { SchedulerLike } from 'rxjs';
import type { EpochMs } from '../../core/candle.ts';
import type { CandleReader } from '../rest/candle-reader.ts';
import type { Patiently } from '../waits.ts';
import type { SeriesContext } from './series-context.ts';
import type { SeriesName } from './series-report.ts';

/** What questions about the newest candles of one series need. */
export interface NewestCandles {
  readonly reader: CandleReader;
  readonly scheduler: SchedulerLike;
  readonly now: () => EpochMs;
  readonly patiently$: Patiently;
}

export function newestCandles(series: SeriesName, reader: CandleReader, deps: SeriesContext): NewestCandles {
  const { clock, scheduler, waits } = deps;
  return { reader, scheduler, now: () => clock.now(), patiently$: waits.patiently('last candle', series) };
}
