import type { Observable } from 'rxjs';
import type { Topic } from '../../ports/stream-protocol.ts';
import type { SessionMessage } from './session-message.ts';
import type { StandbyContext, StandbySession } from './standby.ts';

/** One session to be: it begins with a subscription to its messages and ends with it. */
export interface Candidate<S extends StandbySession> {
  readonly session: S;
  readonly messages$: Observable<SessionMessage>;
}

export interface HandoverContext extends StandbyContext {
  /** Topics that are acknowledged yet silent. */
  readonly silentTopics$: Observable<Topic>;
  /** The topics that sessions carry, and when they change. */
  readonly wanted: { has(topic: Topic): boolean; readonly changed$: Observable<void> };
}

export type HandoverMessage<S> =
  | SessionMessage
  /** Which sessions there are, the active one first; told when that changes. */
  | { readonly kind: 'sessions'; readonly sessions: readonly S[] }
  /** The active session is no failure, although perhaps no candle has come. */
  | { readonly kind: 'healthy' };
