import { finalize, ignoreElements, map, merge, tap, type MonoTypeOperatorFunction } from 'rxjs';
import type { ManagedSession } from './managed-session.ts';
import type { SessionMessage } from './session-message.ts';
import type { TopicSet } from './topic-set.ts';

const OVERDUE: SessionMessage = {
  kind: 'trouble',
  reason: 'no acknowledgement',
  detail: 'a request was not answered in time',
};

/** Subscribes a session to what is wanted, now and on every change, and turns its replies into acknowledgements. */
export function subscribeTopics(session: ManagedSession, wanted: TopicSet): MonoTypeOperatorFunction<SessionMessage> {
  const { subscriptions } = session;
  const changes$ = wanted.changed$.pipe(
    tap(() => {
      subscriptions.update();
    }),
    ignoreElements(),
  );
  return (messages$) =>
    merge(changes$, messages$.pipe(map((message) => hear(message, session)))).pipe(
      finalize(() => {
        subscriptions.stop();
      }),
    );
}

function hear(message: SessionMessage, session: ManagedSession): SessionMessage {
  switch (message.kind) {
    case 'opened':
      session.start();
      return message;
    case 'ack':
    case 'rejected':
      return session.subscriptions.answer(message);
    case 'tick':
      return session.isOpen && session.subscriptions.isOverdue ? OVERDUE : message;
    default:
      return message;
  }
}
