import {
  catchError,
  defer,
  filter,
  map,
  merge,
  switchMap,
  takeWhile,
  tap,
  throwError,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import type { LogEntry, LogSignal, LogStart, SeriesPattern } from '../../ports/candle-log.ts';
import { isOneSeries, matches } from '../pattern.ts';
import { readTail } from './append.ts';
import { failureOf } from './failure.ts';
import { republished$, stored$, type Selection } from './messages.ts';
import { pastThenLive$ } from './past-then-live.ts';
import type { Session, Stored, StreamFacts } from './session.ts';
import { startTime } from './start-time.ts';
import { prefixOf } from './stream-rules.ts';
import { askedFor, subjectOf } from './subject.ts';
import { unseen$ } from './unseen.ts';

/** What is read, and whose time counts. */
export interface ReadRequest {
  readonly patterns: readonly SeriesPattern[];
  readonly start: LogStart;
  readonly scheduler: SchedulerLike;
}

/** The entries of some series over one connection, and `live`. */
export function readStream$(session: Session, { patterns, start, scheduler }: ReadRequest): Observable<LogSignal> {
  const asked = askedFor(patterns);
  const isWanted = ({ candle }: LogEntry): boolean =>
    asked === patterns || patterns.some((pattern) => matches(pattern, candle));
  return defer(() => session.facts()).pipe(
    switchMap((facts) => {
      let notLive = asked.length;
      const each = asked.map((pattern) => readPattern$(session, facts, { pattern, start, scheduler }));
      return merge(...each).pipe(
        map((signal) => (signal === 'live' ? signal : signal.entry)),
        filter((signal) => (signal === 'live' ? (notLive -= 1) === 0 : isWanted(signal))),
      );
    }),
  );
}

interface PatternRequest extends Omit<ReadRequest, 'patterns'> {
  readonly pattern: SeriesPattern;
}

function readPattern$(
  session: Session,
  { livePrefix }: StreamFacts,
  request: PatternRequest,
): Observable<Stored | 'live'> {
  const { pattern, start, scheduler } = request;
  if (livePrefix === undefined) return stored$(session, selectionOf(session, pattern, start));
  return defer(() => {
    let seen = 0;
    return merge(
      pastThenLive$(past$(session, pattern, start), republished$(session, subjectOf(livePrefix, pattern))).pipe(
        tap((signal) => {
          if (signal !== 'live') seen = Math.max(seen, signal.seq);
        }),
      ),
      unseen$({ last$: lastStored$(session, pattern), seen: () => seen, scheduler }),
    );
  });
}

function past$(session: Session, pattern: SeriesPattern, start: LogStart): Observable<Stored> {
  if (start === 'tail' && isOneSeries(pattern))
    return defer(() => readTail(session, pattern)).pipe(filter((tail) => tail !== undefined));
  return stored$(session, selectionOf(session, pattern, start)).pipe(takeWhile((signal) => signal !== 'live'));
}

function selectionOf({ stream }: Session, pattern: SeriesPattern, start: LogStart): Selection {
  const filter_subjects = subjectOf(prefixOf(stream), pattern);
  if (start === 'tail') return { filter_subjects, deliver_policy: 'last_per_subject' };
  const from = startTime(start.since, pattern.interval);
  if (start.since === 0) return { filter_subjects, deliver_policy: 'all' };
  return { filter_subjects, deliver_policy: 'by_start_time', opt_start_time: new Date(from).toISOString() };
}

/** Sequence number of the last message there is, 0 for none. */
function lastStored$(session: Session, pattern: SeriesPattern): Observable<number> {
  const last_by_subj = subjectOf(prefixOf(session.stream), pattern);
  return defer(() => session.jsm.streams.getMessage(session.stream, { last_by_subj })).pipe(
    map((message) => message?.seq ?? 0),
    catchError((error: unknown) => throwError(() => failureOf(error, session.stream))),
  );
}
