import type { Subscription } from 'rxjs';
import type { Candle, EpochMs } from '../../src/core/candle.ts';
import { toFeedError, type FeedError } from '../../src/core/errors.ts';
import type { CandleStream, SeriesSignal } from '../../src/ports/candle-stream.ts';
import type { SeriesKey } from '../../src/ports/stream-protocol.ts';

/** What a series hears from the stream. */
export interface SeriesListener {
  onClosed(candle: Candle): void;
  onRunning(candle: Candle, eventTime: EpochMs): void;
  onLive(): void;
  onLost(): void;
  onError(error: FeedError): void;
}

/** One series kept subscribed on the wire. */
export interface Watch {
  setRunning(wanted: boolean): void;
  refresh(): void;
  stop(): void;
}

export function watchSeries(stream: CandleStream, series: SeriesKey, listener: SeriesListener): Watch {
  const closes = stream.closes$(series).subscribe({
    next: (signal) => {
      try {
        tell(signal, listener);
      } catch (bug) {
        listener.onError(toFeedError(bug));
      }
    },
    error: (error: unknown) => {
      listener.onError(error as FeedError);
    },
  });
  let running: Subscription | undefined;
  return {
    setRunning(wanted) {
      if (closes.closed || wanted === (running !== undefined)) return;
      running?.unsubscribe();
      running = undefined;
      if (!wanted) return;
      running = stream.running$(series).subscribe({
        next: ({ candle, eventTime }) => {
          listener.onRunning(candle, eventTime ?? candle.timestamp);
        },
        error: () => undefined,
      });
    },
    refresh() {
      if (!closes.closed) stream.refresh(series);
    },
    stop() {
      running?.unsubscribe();
      closes.unsubscribe();
    },
  };
}

function tell(signal: SeriesSignal, listener: SeriesListener): void {
  if (signal === 'live') listener.onLive();
  else if (signal === 'lost') listener.onLost();
  else if (signal !== 'moved on') listener.onClosed(signal);
}
