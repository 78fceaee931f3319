import { defer, map, mergeMap, of, reduce, takeWhile, tap, type Observable } from 'rxjs';
import type { EpochMs } from '../core/candle.ts';
import type { CandleSeries, LogEntry } from '../ports/candle-log.ts';
import type { Mark } from './chain.ts';
import { readAgain, type Reading } from './follow.ts';
import { keyOf } from '../venues/series-key.ts';

/** The last `count` candles that open up to `upTo`, ms UTC. */
export interface Wanted {
  readonly count: number;
  readonly upTo: EpochMs;
  /** Of one of them, ms; about right is enough. */
  readonly lengthMs: number;
}

/** How much farther back each next look goes, where the one before did not find enough. */
const FARTHER = 4;

/** The last entry of each series that has any. */
export function tails$(reading: Reading): Observable<readonly LogEntry[]> {
  return past$(() => reading.log.read$(reading.patterns, 'tail'), reading);
}

/** The mark behind which the wanted candles of a series begin. */
export function historyMark$(reading: Reading, series: CandleSeries, wanted: Wanted): Observable<Mark> {
  const look$ = (spanMs: number): Observable<Mark> => {
    const since = Math.max(0, wanted.upTo - spanMs);
    return past$(() => reading.log.read$(series, { since }), reading).pipe(
      mergeMap((entries) => {
        const mark = markBefore(entries, wanted);
        return mark === 'farther back' && since > 0
          ? look$(spanMs * FARTHER)
          : of(mark === 'farther back' ? firstOf(entries, wanted) : mark);
      }),
    );
  };
  return look$((wanted.count + 1) * wanted.lengthMs);
}

/** What is stored, ends where live begins. */
function past$(read$: () => Observable<LogEntry | 'live'>, reading: Reading): Observable<readonly LogEntry[]> {
  return defer(read$).pipe(
    tap(() => reading.reader?.hear()),
    takeWhile((signal) => signal !== 'live'),
    reduce(
      (entries, entry) => entries.set(`${keyOf(entry.candle)} ${entry.candle.timestamp}`, entry),
      new Map<string, LogEntry>(),
    ),
    map((entries) => [...entries.values()].sort((a, b) => a.candle.timestamp - b.candle.timestamp)),
    readAgain(() => true, reading),
  );
}

/** @param entries - all behind some time, in rising open time */
export function markBefore(
  entries: readonly LogEntry[],
  { count, upTo }: Omit<Wanted, 'lengthMs'>,
): Mark | 'farther back' {
  const past = entries.filter(({ candle }) => candle.timestamp <= upTo);
  const first = past[Math.max(0, past.length - count)];
  if (first === undefined) return 'farther back';
  const isEnough = past.length >= count || first.previous === null;
  return isEnough ? behind(first) : 'farther back';
}

/** All that the log has. */
function firstOf([first]: readonly LogEntry[], { upTo }: Wanted): Mark {
  return first === undefined ? { after: upTo, mayBegin: true } : behind(first);
}

function behind({ candle, previous }: LogEntry): Mark {
  return { after: candle.timestamp - 1, mayBegin: previous === null };
}
