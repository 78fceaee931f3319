import { EMPTY, catchError, concatMap, ignoreElements, interval, tap, type Observable, type SchedulerLike } from 'rxjs';
import { LogInterrupted } from '../../core/log-interrupted.ts';

export interface Unseen {
  /** Sequence number of the last message that the log has, 0 for none. Completes. */
  readonly last$: Observable<number>;
  /** Highest sequence number that has come. */
  readonly seen: () => number;
  readonly scheduler: SchedulerLike;
}

/** How often it is looked whether the end of the log has come here, ms. */
const CHECK_MS = 60_000;

/**
 * Republished messages come at most once. One that is lost shows with its successor; the last one of a series, which may
 * have no successor for a day, shows here. A look that got no answer says nothing: to read again for it would only add to
 * what a busy program has not taken in yet.
 *
 * Errors: LogInterrupted when what the log had at the look before has not come yet; LogError of `last$`.
 */
export function unseen$({ last$, seen, scheduler }: Unseen): Observable<never> {
  let last = 0;
  return interval(CHECK_MS, scheduler).pipe(
    tap(() => {
      if (seen() < last) throw new LogInterrupted(`message ${last} has not come`);
    }),
    concatMap(() => last$.pipe(catchError(unanswered$))),
    tap((seq) => {
      last = seq;
    }),
    ignoreElements(),
  );
}

function unanswered$(error: unknown): Observable<never> {
  if (error instanceof LogInterrupted) return EMPTY;
  throw error;
}
