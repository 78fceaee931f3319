import type { Observable } from 'rxjs';
import type { EventBus, Feed } from '../index.ts';
import type { LogCounts } from '../log/nats/index.ts';
import type { Wanted } from './due.ts';
import type { Update } from './live/board.ts';

/** Where `watch` has its candles from: an exchange, or a log. */
export interface CandleSource {
  readonly closedCandles$: Feed['closedCandles$'];
  readonly status$: Observable<SourceStatus>;
  readonly bus: Pick<EventBus, 'on'>;
  /** The last closed candles of each series, for a table that would be empty until the first close. Never errors. */
  readonly lastCloses$: (wanted: readonly Wanted[]) => Observable<Update>;
  /** What metrics are told of, where they come from an exchange. */
  readonly feed?: Feed;
  /** And where they come out of a log. */
  readonly logged?: LogCounts;
  readonly close: () => Promise<void>;
}

/** What `watch` shows of the way that candles take. */
export interface SourceStatus {
  /** What to add to this machine's clock for the exchange's time, ms; null where it is not known. */
  readonly clockOffsetMs: number | null;
  readonly connection: readonly [text: string, style: 'green' | 'red' | 'yellow'];
  readonly openGaps: number;
  /** How the candles came. */
  readonly origin: string;
}
