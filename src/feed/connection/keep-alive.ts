import { Observable, map, merge, type OperatorFunction, type SchedulerLike } from 'rxjs';
import type { SessionEvent } from '../../ports/session.ts';
import { every } from '../after.ts';
import type { ManagedSession } from './managed-session.ts';
import type { SessionMessage } from './session-message.ts';

const TICK_MS = 1000;
const TICK: SessionMessage = { kind: 'tick' };

/**
 * Looks after a session once a second: a quiet peer is pinged, a dead one is an error (`Liveness`). Where the venue wants a
 * ping by the clock (`KeepAlive`), that is sent besides.
 *
 * ```text
 * source  --f-f-------------
 * result  --f-ft--t--t--t--#     (pinged after 3 s without a sign of life, dead after 6)
 * ```
 */
export function keepAlive(
  session: ManagedSession,
  scheduler: SchedulerLike,
): OperatorFunction<SessionEvent, SessionEvent | SessionMessage> {
  const ticks$ = new Observable<void>((subscriber) =>
    every(scheduler, TICK_MS, () => {
      subscriber.next();
    }),
  );
  return (events$) =>
    merge(
      ticks$.pipe(
        map(() => {
          session.check();
          return TICK;
        }),
      ),
      events$,
    );
}
