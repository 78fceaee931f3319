import {
  concatMap,
  defer,
  filter,
  ignoreElements,
  interval,
  map,
  merge,
  switchMap,
  takeWhile,
  tap,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import { LogInterrupted } from '../../core/log-interrupted.ts';
import type { LogSignal, LogStart, SeriesPattern } from '../../ports/candle-log.ts';
import { isOneSeries, matches } from '../pattern.ts';
import { readTail, type Stored } from './append.ts';
import { republished$, stored$, type Selection } from './messages.ts';
import { pastThenLive$ } from './past-then-live.ts';
import type { Session, StreamFacts } from './session.ts';
import { startTime } from './start-time.ts';
import { prefixOf } from './stream-rules.ts';
import { askedFor, subjectOf } from './subject.ts';

/** What is read, and whose time counts. */
export interface ReadRequest {
  readonly patterns: readonly SeriesPattern[];
  readonly start: LogStart;
  readonly scheduler: SchedulerLike;
}

/** How often it is looked whether the end of the log has come here, ms. */
const CHECK_MS = 60_000;

/** The entries of some series over one connection, and `live`. */
export function readStream$(session: Session, { patterns, start, scheduler }: ReadRequest): Observable<LogSignal> {
  const asked = askedFor(patterns);
  return defer(() => session.facts()).pipe(
    switchMap((facts) => {
      let notLive = asked.length;
      const each = asked.map((pattern) => readPattern$(session, facts, { pattern, start, scheduler }));
      return merge(...each).pipe(
        filter((signal) => signal !== 'live' || (notLive -= 1) === 0),
        map((signal) => (signal === 'live' ? signal : signal.entry)),
        filter((signal) => signal === 'live' || patterns.some((pattern) => matches(pattern, signal.candle))),
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
      unseen$(session, pattern, { seen: () => seen, scheduler }),
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

interface Seen {
  /** Highest sequence number that has come. */
  readonly seen: () => number;
  readonly scheduler: SchedulerLike;
}

/**
 * Republished messages come at most once. One that is lost shows with its successor; the last one of a series, which may
 * have no successor for a day, shows here.
 *
 * Errors: LogInterrupted when what the log had at the look before has not come yet.
 */
function unseen$(session: Session, pattern: SeriesPattern, { seen, scheduler }: Seen): Observable<never> {
  const last_by_subj = subjectOf(prefixOf(session.stream), pattern);
  let last = 0;
  return interval(CHECK_MS, scheduler).pipe(
    tap(() => {
      if (seen() < last) throw new LogInterrupted(`message ${last} has not come`);
    }),
    concatMap(() => session.jsm.streams.getMessage(session.stream, { last_by_subj })),
    tap((message) => {
      last = message?.seq ?? 0;
    }),
    ignoreElements(),
  );
}
