import type { IncomingMessage } from 'node:http';
import { FeedError } from '../core/errors.ts';
import type { DisconnectReason } from '../core/events.ts';
import { answeredAt, retryAfterOf } from '../core/retry-after.ts';
import { SessionError } from '../ports/session.ts';
import { connectionFailure, type ConnectionFailure } from './connection-failure.ts';

/** The close code where no close frame came. */
const NO_CLOSE_FRAME = 1006;

/** The handshake was answered, but not by a WebSocket. */
export function refusalOf(response: IncomingMessage): SessionError {
  const status = response.statusCode ?? 0;
  const retryAfterMs = retryAfterOf(response.headers, answeredAt(response.headers, Date.now()));
  return new SessionError('refused', `the handshake was answered with HTTP ${String(status)}`, {
    status,
    retryAfterMs,
  });
}

/** How a socket ended, as `ws` tells it. */
export interface SocketEnd {
  readonly url: string;
  readonly opened: boolean;
  readonly closeCode: number;
  readonly reason: string;
  readonly cause: Error | undefined;
}

const REFUSED_BY: Readonly<Record<ConnectionFailure['kind'], DisconnectReason>> = {
  proxy: 'proxy',
  certificate: 'certificate',
  name: 'not found',
  network: 'refused',
};

/** The error of a session whose socket has ended. An error of ours is passed on as it is. */
export function endOf({ url, opened, closeCode, reason, cause }: SocketEnd): Error {
  if (cause instanceof FeedError) return cause;
  const failure = cause === undefined ? undefined : connectionFailure(cause, url);
  if (!opened) {
    const { kind, message } = failure ?? { kind: 'network', message: 'the handshake was aborted' };
    return new SessionError('refused', message, { reason: REFUSED_BY[kind], cause });
  }
  if (closeCode === NO_CLOSE_FRAME && failure === undefined) {
    return new SessionError('ended', 'the connection ended without a close frame', { closeCode });
  }
  const why = failure === undefined ? `${String(closeCode)} ${reason}`.trim() : failure.message;
  return new SessionError('ended', `the connection ended: ${why}`, { closeCode, cause });
}
