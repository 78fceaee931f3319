import type { CandleMessage, StreamMessage, Topic } from '../../ports/stream-protocol.ts';
import type { ManagedSession } from './managed-session.ts';

/** Messages of one session: candles, and control messages for its connection. */
export type SessionMessage =
  | StreamMessage
  | { readonly kind: 'opened' }
  /** Once a second, from the first attempt to the end. */
  | { readonly kind: 'tick' }
  | { readonly kind: 'acknowledged'; readonly topics: readonly Topic[] }
  /** A request was refused or not answered; the session is still open. */
  | { readonly kind: 'trouble'; readonly reason: 'rejected' | 'no acknowledgement'; readonly detail: string };

/** Messages of a connection: the candles of its sessions, and the list of sessions, the active one first. */
export type ConnectionMessage =
  | CandleMessage
  | { readonly kind: 'sessions'; readonly sessions: readonly ManagedSession[] }
  | { readonly kind: 'acknowledged'; readonly topics: readonly Topic[] }
  /** The connection works although no candle has come: a quiet market is not a failure. */
  | { readonly kind: 'healthy' };
