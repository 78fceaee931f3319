import { catchError, concat, filter, tap, throwError, type MonoTypeOperatorFunction, type Observable } from 'rxjs';
import type { Candle } from '../../core/candle.ts';
import { GeoBlockedError, ReconnectExhaustedError, isFeedError, toFeedError } from '../../core/errors.ts';
import type { DisconnectReason } from '../../core/events.ts';
import { retryWithBackoff, type RetryWithBackoffOptions } from '../../operators/retry-with-backoff.ts';
import { SessionError } from '../../ports/session.ts';
import type { CandleMessage, Topic } from '../../ports/stream-protocol.ts';
import { waitForConnect } from './connect-rate-limiter.ts';
import type { ConnectionContext } from './connection-context.ts';
import { decodeFrames } from './decode-frames.ts';
import { handover$ } from './handover.ts';
import type { HandoverMessage } from './handover-context.ts';
import { keepAlive } from './keep-alive.ts';
import { ManagedSession } from './managed-session.ts';
import type { SessionMessage } from './session-message.ts';
import { subscribeTopics } from './subscribe-topics.ts';
import type { TopicSet } from './topic-set.ts';

/** One session: a socket, from the attempt to connect to its end. Errors with a SessionError whenever it ends by itself. */
export function session$(
  session: ManagedSession,
  wanted: TopicSet,
  context: ConnectionContext,
): Observable<SessionMessage> {
  const { openSession$, url, scheduler } = context;
  return concat(openSession$(url), ENDED$).pipe(
    keepAlive(session, scheduler), // a dead peer is an error
    decodeFrames(session, context), // bytes to messages; unfinished candles never come this far
    subscribeTopics(session, wanted), // asks for topics, matches acknowledgements
    publishEnd(session, context),
  );
}

/** Callbacks to the pooled connection, besides candles. */
export type ConnectionNotice = Extract<HandoverMessage<ManagedSession>, { readonly kind: 'sessions' | 'acknowledged' }>;

export interface ConnectionOptions {
  readonly context: ConnectionContext;
  /** Topics acknowledged but without data: a reason for a fresh session. */
  readonly silentTopics$: Observable<Topic>;
  /** Called with sessions and acknowledgements; they must not pass `retry`, which takes every value for a success. */
  readonly notice: (notice: ConnectionNotice) => void;
}

/**
 * The candles of one connection, for as long as it is subscribed to: topics subscribed, kept alive, handed over before it
 * gets too old, and opened again after whatever ends it.
 *
 * Emits:     every message about candles that comes; the first of each session as proof that it delivers.
 * Errors:    ReconnectExhaustedError after `maxRetries` sessions in a row that delivered nothing; GeoBlockedError.
 * Completes: never.
 * Time:      the context's scheduler.
 */
export function connection$(
  wanted: TopicSet,
  { context, silentTopics$, notice }: ConnectionOptions,
): Observable<CandleMessage> {
  const { connects, scheduler, reconnect } = context;
  const open = () => {
    const session = new ManagedSession(wanted, context);
    return { session, messages$: session$(session, wanted, context) };
  };
  return handover$(open, { ...context, silentTopics$, wanted }).pipe(
    waitForConnect(connects, scheduler),
    tap((message) => {
      if (message.kind === 'sessions' || message.kind === 'acknowledged') notice(message);
    }),
    filter((message) => message.kind === 'candle' || message.kind === 'healthy'),
    catchError((error: unknown) => throwError(() => fatalOrSame(error, context))),
    retryWithBackoff(reconnect, retryOptions(context)),
    catchError((error: unknown) => throwError(() => exhausted(error, context))),
    filter((message) => message.kind === 'candle'),
  );
}

/** The venue says that it is closed (`x: true`). */
export function isClosedCandle({ finality }: CandleMessage): boolean {
  return finality === 'final';
}

export function toCandle({ candle }: CandleMessage): Candle {
  return candle;
}

const ENDED$ = throwError(() => new SessionError('ended', 'the connection ended'));
const GEO_BLOCKED = 451;
const POLICY_VIOLATION = 1008;
/** A session that the venue closes for a policy violation sooner than this is not a success, ms. */
const STEADY_MS = 60_000;

/** What retrying cannot fix: a refused location, and bugs of ours. */
function fatalOrSame(error: unknown, { url }: ConnectionContext): Error {
  if (!(error instanceof SessionError)) return toFeedError(error);
  return error.status === GEO_BLOCKED ? new GeoBlockedError(url) : error;
}

function retryOptions({
  scheduler,
  random,
  connects,
  publish,
  url,
}: ConnectionContext): RetryWithBackoffOptions<SessionError> {
  return {
    scheduler,
    random,
    leastDelayMs: ({ retryAfterMs }) => {
      const now = scheduler.now();
      if (retryAfterMs !== undefined) connects.holdUntil(now + retryAfterMs);
      return connects.waitMs(now);
    },
    countsOn: ({ closeCode, livedMs }) => closeCode === POLICY_VIOLATION && livedMs < STEADY_MS,
    onRetry: ({ attempt, delayMs, error: { reason, message } }) => {
      publish({ type: 'RECONNECTING', url, attempt, delayMs, reason, detail: message });
    },
  };
}

function exhausted(error: unknown, { reconnect, url }: ConnectionContext): Error {
  return isFeedError(error) ? error : new ReconnectExhaustedError(reconnect.maxRetries, { cause: error, url });
}

/** Publishes DISCONNECTED once, whoever ends the session. A handshake that was refused never was a connection. */
function publishEnd(session: ManagedSession, { publish }: ConnectionContext): MonoTypeOperatorFunction<SessionMessage> {
  const end = (reason: DisconnectReason, detail?: string, closeCode = 0): void => {
    session.ended();
    if (!session.wasOpen) return;
    const details = { ...(detail !== undefined && { detail }), ...(closeCode > 0 && { closeCode }) };
    publish({ type: 'DISCONNECTED', connection: session.connection, reason, ...details });
  };
  return (messages$) =>
    messages$.pipe(
      catchError((error: unknown) => throwError(() => toSessionError(error, session))),
      tap({
        error: (error: unknown) => {
          if (error instanceof SessionError) end(error.reason, error.message, error.closeCode);
          else end('closed by peer', (error as Error).message);
        },
        unsubscribe: () => {
          end(session.endReason, session.endDetail);
        },
      }),
    );
}

/** Anything but a SessionError is a bug of ours, which retrying cannot fix. */
function toSessionError(cause: unknown, session: ManagedSession): Error {
  if (!(cause instanceof SessionError)) return toFeedError(cause);
  cause.livedMs = session.ageMs;
  return cause;
}
