import type { StreamMessage, Topic } from '../../ports/stream-protocol.ts';

/** Messages of one session: candles, and control messages for its connection. */
export type SessionMessage =
  | StreamMessage
  | { readonly kind: 'opened' }
  /** Once a second, from the first attempt to the end. */
  | { readonly kind: 'tick' }
  | { readonly kind: 'acknowledged'; readonly topics: readonly Topic[] }
  /** A request was refused or not answered; the session is still open. */
  | { readonly kind: 'trouble'; readonly reason: 'rejected' | 'no acknowledgement'; readonly detail: string };
