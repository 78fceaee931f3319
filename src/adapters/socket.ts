import type { Duplex } from 'node:stream';
import { Observable, type Subscriber } from 'rxjs';
import { WebSocket, type RawData } from 'ws';
import { CLOSE_TIMEOUT_MS, HANDSHAKE_TIMEOUT_MS } from '../core/defaults.ts';
import type { OpenSession$, Session, SessionEvent } from '../ports/session.ts';
import { skipFrames, type IsSkipped } from './frame-skipper.ts';
import type { Route } from './network.ts';
import { endOf, refusalOf } from './socket-end.ts';
import { throughProxy } from './tunnel-agent.ts';

export interface SocketOptions extends Partial<Route> {
  /** True only where the bytes between two places are provably an unfinished kline; those are counted and go no further. */
  readonly isUnfinished: IsSkipped;
  /** How long the handshake may take, ms. Default HANDSHAKE_TIMEOUT_MS. */
  readonly handshakeTimeoutMs?: number;
}

/** The sockets of one feed. */
export interface Sockets {
  readonly openSession$: OpenSession$;
  /** Resolves when every socket that was let go has closed. */
  allClosed(): Promise<void>;
}

/** A kline frame has about 330 bytes, the longest reply we ask for a few KiB. */
const MAX_FRAME_BYTES = 4 * 1024 * 1024;

/**
 * Sessions over the `ws` package: `openSession$(url)` is one socket per subscription.
 *
 * Emits:     `open` once, then every frame that is not provably an unfinished kline.
 * Errors:    SessionError when refused, and on every close nobody asked for, clean codes too.
 * Completes: never; unsubscribing closes the socket, or destroys it after CLOSE_TIMEOUT_MS.
 */
export function socketSessions(options: SocketOptions): Sockets {
  const closing = new Set<Promise<void>>();
  const track = (closed: Promise<void>): void => {
    closing.add(closed);
    void closed.then(() => closing.delete(closed));
  };
  return {
    openSession$: (url) =>
      new Observable<SessionEvent>((subscriber) => {
        const letGo = openSocket(url, options, subscriber);
        return () => {
          track(letGo());
        };
      }),
    allClosed: async () => {
      await Promise.all(closing);
    },
  };
}

/** Counters are plain fields: they change with every frame. */
class SocketSession implements Session {
  dataFrames = 0;
  signsOfLife = 0;
  passRunning = false;
  readonly #socket: WebSocket;

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  send(text: string): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(text);
  }

  ping(): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.ping();
  }
}

function openSocket(url: string, options: SocketOptions, subscriber: Subscriber<SessionEvent>): () => Promise<void> {
  const opening = new AbortController();
  const socket = new WebSocket(url, socketOptions(new URL(url), options, opening.signal));
  socket.binaryType = 'nodebuffer';
  const session = new SocketSession(socket);
  let opened = false;
  let cause: Error | undefined;

  const countLife = (): void => {
    session.signsOfLife++;
  };
  const isSkipped = countUnfinished(session, options.isUnfinished);
  let stream: Duplex | undefined;
  socket.on('upgrade', (response) => {
    stream = response.socket;
  });
  socket.on('open', () => {
    opened = true;
    if (stream !== undefined) skipFrames(stream, isSkipped);
    subscriber.next({ kind: 'open', session });
  });
  socket.on('message', readFrames(session, isSkipped, subscriber));
  socket.on('ping', countLife);
  socket.on('pong', countLife);
  socket.on('error', (error) => {
    cause = error;
  });
  socket.on('unexpected-response', (_request, response) => {
    subscriber.error(refusalOf(response));
  });
  socket.on('close', (closeCode, reason) => {
    subscriber.error(endOf({ url, opened, closeCode, reason: reason.toString(), cause }));
  });
  return () => {
    opening.abort();
    return letGo(socket);
  };
}

function socketOptions(url: URL, { proxy, tls, ...options }: SocketOptions, signal: AbortSignal): object {
  return {
    ...tls,
    ...(proxy !== undefined && { createConnection: throughProxy(url, { proxy, tls }, signal) }),
    perMessageDeflate: false,
    skipUTF8Validation: true, // the decoder checks the few frames that it reads
    handshakeTimeout: options.handshakeTimeoutMs ?? HANDSHAKE_TIMEOUT_MS,
    maxPayload: MAX_FRAME_BYTES,
    closeTimeout: CLOSE_TIMEOUT_MS,
  };
}

/** Counts a frame that is proven, unless running candles are wanted. */
function countUnfinished(session: SocketSession, isUnfinished: IsSkipped): IsSkipped {
  const isProven: IsSkipped = (bytes, start, end) => {
    try {
      return isUnfinished(bytes, start, end);
    } catch {
      return false; // the decoder decides
    }
  };
  return (bytes, start, end) => {
    if (session.passRunning || !isProven(bytes, start, end)) return false;
    session.signsOfLife++;
    session.dataFrames++;
    return true;
  };
}

/** Most frames never get here: `skipFrames` has taken them out, but for those that came in two pieces. */
function readFrames(
  session: SocketSession,
  isSkipped: IsSkipped,
  subscriber: Subscriber<SessionEvent>,
): (data: RawData) => void {
  return (data) => {
    const frame = data as Buffer; // what the binary type `nodebuffer` stands for
    if (isSkipped(frame, 0, frame.length)) return;
    session.signsOfLife++;
    subscriber.next({ kind: 'frame', frame });
  };
}

/**
 * Closes without waiting: `close()` on an open socket, whose handshake `ws` cuts off after the close timeout,
 * `terminate()` on one that is not open yet. Both may still emit `error`, which must not become an exception.
 */
function letGo(socket: WebSocket): Promise<void> {
  socket.removeAllListeners();
  socket.on('error', () => undefined);
  if (socket.readyState === WebSocket.CLOSED) return Promise.resolve();
  const closed = new Promise<void>((resolve) => {
    socket.on('close', () => {
      resolve();
    });
  });
  if (socket.readyState === WebSocket.OPEN) socket.close(1000);
  else socket.terminate();
  return closed;
}
