/// <reference lib="esnext.disposable" preserve="true" />
import type { Observable } from 'rxjs';
import type { Candle, EpochMs, VenueId } from '../core/candle.ts';
import type { Interval } from '../core/interval.ts';
import type { CandleSeries } from './candle-store.ts';

export type { CandleSeries };

/** Series by what they have in common; what is left out may be anything. `{ venue: 'okx', interval: '1m' }` */
export interface SeriesPattern {
  readonly venue?: VenueId | undefined;
  readonly symbol?: string | undefined;
  readonly interval?: Interval | undefined;
}

/** A candle as it stands in the log. */
export interface LogEntry {
  readonly candle: Candle;
  /** Open time of the candle before it in the series, ms UTC; null for the first that was ever stored. */
  readonly previous: EpochMs | null;
}

/** The series does not end with the predecessor of the candle that was to be appended. */
export interface Conflict {
  /** Open time of its last candle, ms UTC; undefined if it has none. */
  readonly tail: EpochMs | undefined;
}

/** `already`: the series has come as far as this candle, or farther; whoever stored it. */
export type AppendAnswer = 'stored' | 'already' | Conflict;

/**
 * Where reading begins. `since`: with the first candle whose open time is after it, ms UTC; 0 for the first there is.
 * `tail`: with the last candle stored of each series, to know where it ends.
 */
export type LogStart = { readonly since: EpochMs } | 'tail';

/** `live`: what was stored when reading began has been delivered; said once. */
export type LogSignal = LogEntry | 'live';

/** Whether the log can be reached. */
export type LogStatus =
  | { readonly state: 'idle' | 'connecting' | 'closed' }
  /** @param server - name or address of the one that answers */
  | { readonly state: 'connected'; readonly server: string }
  /** It is tried again, for as long as somebody waits: `attempt` failures in a row, the next try in `delayMs`. */
  | { readonly state: 'waiting'; readonly reason: string; readonly attempt: number; readonly delayMs: number };

/**
 * A durable, ordered log of closed candles that many write and many read. What is stored of a series is a chain: each
 * candle names the open time of its predecessor, so that a reader sees by itself that nothing is missing between two.
 *
 * Nothing fails because the engine is away: `tail` and `append` wait, reading begins when it is back. A LogError means that
 * somebody must act.
 */
export interface CandleLog {
  /** Whether the engine can be reached: the current state, then each change. Completes when the log is closed. */
  readonly status$: Observable<LogStatus>;
  /** The last candle of a series, from whoever decides what is last; undefined where there is none. */
  tail(series: CandleSeries): Promise<Candle | undefined>;
  /**
   * Stores a candle if the series still ends with `after`, atomically. A lost acknowledgement or a lost connection is dealt
   * with: the answer says what the log has.
   *
   * @param after - open time of the candle before it, ms UTC; undefined if it is to be the first of the series
   * @returns rejects with a LogError
   */
  append(candle: Candle, after: EpochMs | undefined): Promise<AppendAnswer>;
  /**
   * What is stored of some series and then what is being stored, in the order of storing, which within a series is that of
   * open times. May repeat entries and, after an engine has lost some, leave some out: `previous` shows it.
   *
   * Emits:     entries, and `live`; with `tail` the last entry of each series comes before `live`.
   * Errors:    LogError; LogInterrupted when reading broke off and may begin again behind the last entry.
   * Completes: when the log is closed.
   */
  read$(series: SeriesPattern | readonly SeriesPattern[], start: LogStart): Observable<LogSignal>;
  /** Ends all reading, lets go of the engine; a second call does nothing. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
