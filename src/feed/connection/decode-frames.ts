import { Observable, type OperatorFunction, type Subscriber } from 'rxjs';
import type { SessionEvent } from '../../ports/session.ts';
import type { StreamMessage } from '../../ports/stream-protocol.ts';
import type { ConnectionContext } from './connection-context.ts';
import type { ManagedSession } from './managed-session.ts';
import type { SessionMessage } from './session-message.ts';

const EXCERPT_LENGTH = 120;
/** Bytes of a frame that are shown: more than a kline has. */
const LONGEST_SHOWN = 600;
const OPENED: SessionMessage = { kind: 'opened' };

/**
 * Bytes to messages. A frame that cannot be decoded is published as FRAME_REJECTED and dropped.
 * Written out, not `mergeMap`: an inner subscription for each frame would be most of its cost.
 */
export function decodeFrames(
  session: ManagedSession,
  context: ConnectionContext,
): OperatorFunction<SessionEvent | SessionMessage, SessionMessage> {
  return (events$) =>
    new Observable((subscriber) =>
      events$.subscribe({
        next: (event) => {
          if (event.kind === 'frame') decode(event.frame, { session, context, subscriber });
          else if (event.kind === 'open') open(event, { session, context, subscriber });
          else subscriber.next(event);
        },
        error: (error: unknown) => {
          subscriber.error(error);
        },
        complete: () => {
          subscriber.complete();
        },
      }),
    );
}

interface Decoding {
  readonly session: ManagedSession;
  readonly context: ConnectionContext;
  readonly subscriber: Subscriber<SessionMessage>;
}

function open(event: Extract<SessionEvent, { readonly kind: 'open' }>, { session, context, subscriber }: Decoding) {
  session.opened(event.session);
  context.publish({ type: 'CONNECTED', connection: session.connection, url: context.url });
  subscriber.next(OPENED);
}

function decode(frame: Buffer, { session, context, subscriber }: Decoding): void {
  const messages = messagesOf(frame, context);
  if (session.skipsRunning && areRunning(messages)) countDecoded(frame, context);
  for (const message of messages) {
    if (message.kind === 'candle') {
      session.countCandle();
      if (message.eventTime !== null) context.onEventTime(message.eventTime);
    } else if (message.kind === 'malformed') reject(message.reason, frame, context);
    else if (message.kind === 'rejected') rejectTopics(message, frame, context);
    subscriber.next(message);
  }
}

/** A frame that contains a close too must be decoded in any case. */
function areRunning(messages: readonly StreamMessage[]): boolean {
  return messages.length > 0 && messages.every(isRunning);
}

function isRunning(message: StreamMessage): boolean {
  return message.kind === 'candle' && message.finality === 'running';
}

/** No subscriber, but not recognized by the byte check: the exchange writes in an unknown format. */
function countDecoded(frame: Buffer, { counters, onDecodedInFull }: ConnectionContext): void {
  counters.frames.framesDecodedInFull++;
  if (counters.frames.framesDecodedInFull === 1) onDecodedInFull?.(frame.toString('utf8', 0, LONGEST_SHOWN));
}

/** A frame on which our decoder throws is dropped like one that cannot be decoded. */
function messagesOf(frame: Buffer, { protocol }: ConnectionContext): readonly StreamMessage[] {
  try {
    return protocol.decode(frame);
  } catch (bug) {
    return [{ kind: 'malformed', reason: `the decoder failed: ${bug instanceof Error ? bug.message : String(bug)}` }];
  }
}

/** Topics refused one by one are published here. The refusal of a whole request ends the session, which publishes it. */
function rejectTopics(
  { id, topics, scope, reason }: Extract<StreamMessage, { readonly kind: 'rejected' }>,
  frame: Buffer,
  context: ConnectionContext,
): void {
  if (topics !== undefined) reject(`refused ${topics.join(', ')}: ${reason}`, frame, context);
  else if (scope === 'topics') reject(`refused request ${id ?? ''}: ${reason}`, frame, context);
}

function reject(reason: string, frame: Buffer, { counters, publish }: ConnectionContext): void {
  counters.frames.framesRejected++;
  const excerpt = frame.toString('utf8', 0, 4 * EXCERPT_LENGTH).slice(0, EXCERPT_LENGTH);
  publish({ type: 'FRAME_REJECTED', reason, excerpt });
}
