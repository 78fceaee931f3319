import type { CandleMessage, StreamMessage, Topic } from '../../ports/stream-protocol.ts';
import type { ManagedSession } from './managed-session.ts';

/** What one session says: candles, and what its connection must know of it. */
export type SessionMessage =
  | StreamMessage
  | { readonly kind: 'opened' }
  /** Once a second, from the first attempt to the end. */
  | { readonly kind: 'tick' }
  | { readonly kind: 'acknowledged'; readonly topics: readonly Topic[] }
  /** A request was refused or not answered; the session is still open. */
  | { readonly kind: 'trouble'; readonly reason: 'rejected' | 'no acknowledgement'; readonly detail: string };

/** What a connection says: the candles of its sessions, and which sessions there are, the active one first. */
export type ConnectionMessage =
  | CandleMessage
  | { readonly kind: 'sessions'; readonly sessions: readonly ManagedSession[] }
  | { readonly kind: 'acknowledged'; readonly topics: readonly Topic[] }
  /** The connection works although no candle has come: a quiet market is not a failure. */
  | { readonly kind: 'healthy' };
