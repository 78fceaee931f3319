import type { Observable } from 'rxjs';
import type { DisconnectReason } from '../core/events.ts';

/** One life of one socket. */
export interface Session {
  send(text: string): void;
  /** A ping that the peer must answer; `pongs` counts the answers. */
  ping(): void;
  /** Unfinished klines that were counted by their bytes and not told, since the session opened. Only ever rises. */
  readonly dataFrames: number;
  /** Frames, pings and pongs of any kind since the session opened: a sign of life. Only ever rises. */
  readonly signsOfLife: number;
  /** While true, frames of running candles are passed on too; while false they cost a byte check and a counter. */
  passRunning: boolean;
}

/** Events of an open socket. A frame that is provably an unfinished kline is counted and not emitted, unless requested. */
export type SessionEvent =
  { readonly kind: 'open'; readonly session: Session } | { readonly kind: 'frame'; readonly frame: Buffer };

/** A session that could not be opened, or that ended without our doing. */
export class SessionError extends Error {
  override readonly name = 'SessionError';
  /** `refused`: the handshake failed. `ended`: the peer closed, or the socket broke. */
  readonly kind: 'refused' | 'ended';
  /** Why, as published on the bus. */
  readonly reason: DisconnectReason;
  /** HTTP status of a refused handshake; 0 when there was none. */
  readonly status: number;
  /** WebSocket close code; 0 when there was none. */
  readonly closeCode: number;
  readonly retryAfterMs: number | undefined;
  /** How long the session had been open, ms; known to whoever looked after it. */
  livedMs = 0;

  constructor(
    kind: 'refused' | 'ended',
    message: string,
    details: {
      reason?: DisconnectReason;
      status?: number;
      closeCode?: number;
      retryAfterMs?: number | undefined;
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: details.cause });
    this.kind = kind;
    this.reason = details.reason ?? (kind === 'refused' ? 'refused' : 'closed by peer');
    this.status = details.status ?? 0;
    this.closeCode = details.closeCode ?? 0;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/**
 * Opens one socket per subscription.
 *
 * Emits:     `open` once, then frames.
 * Errors:    with SessionError when refused, and on every close nobody asked for, clean codes too.
 * Completes: never; unsubscribing closes the socket.
 */
export type OpenSession$ = (url: string) => Observable<SessionEvent>;
