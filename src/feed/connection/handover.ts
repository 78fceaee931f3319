import { Observable } from 'rxjs';
import type { Candidate, HandoverContext, HandoverMessage } from './handover-context.ts';
import { SessionLine } from './session-line.ts';
import type { StandbySession } from './standby.ts';

/**
 * One session after another without a break. When the active session gets old or silent, or the venue says that it will
 * close it, a standby is opened beside it, subscribed to everything, watched until it delivers, and only then takes over.
 * Messages of both pass meanwhile. While standbys fail, others are tried with backoff and the active one continues.
 *
 * ```text
 * active   --a--a--a--g--a--a--a--a-!               g: going away
 * standby              --o--k-----b----b--b--       o: opened, k: acknowledged, b: first data
 * result   --a--a--a-----a--a--a--(ab)-b--b--
 * ```
 *
 * Emits:     the messages of both sessions but ticks, notices and troubles; `sessions` whenever they change.
 * Errors:    with the error of the active session when there is no standby to go on with.
 * Completes: never.
 * Time:      looks at a standby every 250 ms, on the context's scheduler.
 */
export function handover$<S extends StandbySession>(
  open: () => Candidate<S>,
  context: HandoverContext,
): Observable<HandoverMessage<S>> {
  return new Observable((subscriber) => {
    const line = new SessionLine(open, context, subscriber);
    subscriber.add(() => {
      line.stop();
    });
    line.start();
  });
}
