import { concatMap, distinctUntilChanged, EMPTY, map, of, scan, type Observable } from 'rxjs';
import type { LogStatus } from '../log/nats/index.ts';

interface Told {
  readonly wasAway: boolean;
  readonly line: string | undefined;
}

/**
 * Lines for people about the way to a log: that it is waited for, with each new reason and every tenth attempt, and that it
 * has been found again. Nothing while all is well.
 */
export function logNotices$(status$: Observable<LogStatus>): Observable<string> {
  return status$.pipe(
    scan((told: Told, status) => lineOf(told, status), { wasAway: false, line: undefined }),
    map(({ line }) => line),
    distinctUntilChanged(),
    concatMap((line) => (line === undefined ? EMPTY : of(line))),
  );
}

const ATTEMPTS_BETWEEN = 10;

function lineOf({ wasAway }: Told, status: LogStatus): Told {
  if (status.state === 'waiting') {
    const { reason, attempt } = status;
    const tells = attempt === 1 || attempt % ATTEMPTS_BETWEEN === 0;
    const tried = attempt === 1 ? '' : `, ${attempt} attempts`;
    return { wasAway: true, line: tells ? `the log cannot be reached (${reason}${tried}); trying again` : undefined };
  }
  if (status.state !== 'connected') return { wasAway, line: undefined };
  return { wasAway: false, line: wasAway ? `connected to the log at ${status.server}` : undefined };
}
