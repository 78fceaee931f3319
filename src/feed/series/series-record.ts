import type { Candle, EpochMs } from '../../core/candle.ts';
import type { SeriesProgress } from '../../core/series-progress.ts';
import type { SeriesPhase, SeriesStatus } from '../../core/status.ts';
import type { SeriesContext } from './series-context.ts';
import type { SeriesName } from './series-name.ts';
import type { SeriesSubscribers } from './series-subscribers.ts';

/** What a series has delivered live. */
export class SeriesRecord {
  candles = 0;
  /** Open time of the last candle, from when it is published; null before the first. */
  lastTimestamp: EpochMs | null = null;
  /** Open time of the last candle that was fetched, not pushed; undefined before the first. */
  fetchedUpTo: EpochMs | undefined;

  count({ timestamp, closeTime, source }: Candle, { stats, clock }: Pick<SeriesContext, 'stats' | 'clock'>): void {
    this.candles += 1;
    if (source !== 'stream') this.fetchedUpTo = timestamp;
    stats.countDelay(clock.now() - closeTime);
  }
}

/** A series, as `status$` sees it. */
export interface ObservedSeries extends SeriesName {
  readonly record: SeriesRecord;
  readonly subscribers: Pick<SeriesSubscribers, 'queued' | 'firstSubscribedAt'>;
  /** Whether candles are to come live, too. */
  readonly isLive: boolean;
  /** Undefined before it has begun. */
  readonly progress: SeriesProgress | undefined;
}

type Context = Pick<SeriesContext, 'scheduler' | 'symbols'>;
type Progress = Pick<SeriesStatus, 'phase' | 'lateMs' | 'reason'>;

export function statusOf(series: ObservedSeries, context: Context): SeriesStatus {
  const { symbol, interval, record, subscribers } = series;
  const { phase, lateMs, reason } = progressOf(series, context);
  const { candles, lastTimestamp } = record;
  return { symbol, interval, phase, candles, lastTimestamp, lateMs: Math.round(lateMs), reason, queued: subscribers.queued ?? 0 }; // prettier-ignore
}

function progressOf(series: ObservedSeries, context: Context): Progress {
  const { progress = beginning(series, context), subscribers } = series;
  return { ...progress, phase: context.symbols.isPaused(series.symbol) ? 'paused' : phaseOf(progress, subscribers) };
}

function phaseOf({ phase }: Progress, { queued }: ObservedSeries['subscribers']): SeriesPhase {
  return queued !== undefined && phase !== 'starting' ? 'catching up' : phase;
}

/** One that is only read has nothing to begin. */
function beginning({ isLive, subscribers }: ObservedSeries, { scheduler }: Context): Progress {
  if (!isLive) return { phase: 'catching up', lateMs: 0, reason: null };
  return { phase: 'starting', lateMs: Math.max(0, scheduler.now() - subscribers.firstSubscribedAt), reason: null };
}
