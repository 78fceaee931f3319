import type { Consumer, ConsumerMessages, JsMsg, OrderedConsumerOptions } from '@nats-io/jetstream';
import type { Msg } from '@nats-io/transport-node';
import { Observable, finalize, share, type Subscriber } from 'rxjs';
import { LogInterrupted } from '../../core/log-interrupted.ts';
import { entryIn } from './append.ts';
import type { Session, Stored } from './session.ts';

/** Which messages of the stream. */
export type Selection = Partial<OrderedConsumerOptions> & { readonly filter_subjects: string };

/** A reader that vanished is forgotten by the server after this, ms. */
const INACTIVE_MS = 30_000;
/** In between, the server says every so often that it is there, ms; two left out, and reading begins again. */
const HEARTBEAT_MS = 5000;
const MOST_MISSED = 2;

/**
 * Messages of the stream, from a beginning on and then as they are stored, by an ordered consumer of JetStream.
 *
 * Emits:  messages, and `live` once none is left that was stored before.
 * Errors: LogError; LogInterrupted when the server went quiet. Unsubscribing removes the consumer.
 */
export function stored$(session: Session, selection: Selection): Observable<Stored | 'live'> {
  return new Observable((subscriber) => {
    const consuming = consume(session, selection, subscriber);
    consuming.catch((error: unknown) => {
      subscriber.error(error);
    });
    return () => void consuming.then(remove, () => undefined);
  });
}

interface Consuming {
  readonly consumer: Consumer;
  readonly messages: ConsumerMessages;
}

async function consume(
  session: Session,
  selection: Selection,
  subscriber: Subscriber<Stored | 'live'>,
): Promise<Consuming> {
  const options = { ...selection, inactive_threshold: INACTIVE_MS };
  const consumer = await session.js.consumers.get(session.stream, options);
  let isLive = (await consumer.info(true)).num_pending === 0;
  if (isLive) subscriber.next('live');
  const take = (message: JsMsg): void => {
    pass(subscriber, () => ({ entry: entryIn(message.string(), session.stream, message.seq), seq: message.seq }));
    if (isLive || message.info.pending > 0) return;
    isLive = true;
    subscriber.next('live');
  };
  const messages = await consumer.consume({ callback: take, idle_heartbeat: HEARTBEAT_MS });
  void watch(messages, subscriber);
  return { consumer, messages };
}

/** What goes wrong while it is read. */
async function watch(messages: ConsumerMessages, subscriber: Subscriber<unknown>): Promise<void> {
  for await (const notice of messages.status()) {
    if (notice.type === 'heartbeats_missed' && notice.count >= MOST_MISSED)
      subscriber.error(new LogInterrupted('the server has gone quiet'));
    if (notice.type === 'stream_not_found') subscriber.error(new LogInterrupted('the stream is gone'));
  }
}

async function remove({ consumer, messages }: Consuming): Promise<void> {
  messages.stop();
  await consumer.delete().catch(() => undefined);
}

/**
 * Messages as the stream republishes them: at most once, at a tenth of the cost of a consumer. Readers of one subject over
 * one connection share a subscription: sent to each of them, a market would be more than the server lets wait for a client.
 *
 * Errors: LogError. Never completes.
 */
export function republished$(session: Session, subject: string): Observable<Stored> {
  const { republished } = session;
  const shared$ =
    republished.get(subject) ??
    subscribed$(session, subject).pipe(
      finalize(() => republished.delete(subject)),
      share(),
    );
  republished.set(subject, shared$);
  return shared$;
}

function subscribed$(session: Session, subject: string): Observable<Stored> {
  return new Observable((subscriber) => {
    const subscription = session.connection.subscribe(subject, {
      callback: (error, message: Msg) => {
        if (error) subscriber.error(error);
        else pass(subscriber, () => republishedIn(message, session.stream));
      },
    });
    return () => {
      subscription.unsubscribe();
    };
  });
}

function republishedIn(message: Msg, stream: string): Stored {
  const seq = Number(message.headers?.get('Nats-Sequence'));
  return { entry: entryIn(message.string(), stream, seq), seq };
}

/** What cannot be read is the reader's error, not the connection's. */
function pass(subscriber: Subscriber<Stored>, read: () => Stored): void {
  let stored: Stored;
  try {
    stored = read();
  } catch (error) {
    subscriber.error(error);
    return;
  }
  subscriber.next(stored);
}
