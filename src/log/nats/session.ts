import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection, NodeConnectionOptions } from '@nats-io/transport-node';
import { Observable } from 'rxjs';
import type { EpochMs } from '../../core/candle.ts';
import { LogError } from '../../core/errors.ts';
import { LogInterrupted } from '../../core/log-interrupted.ts';
import type { LogEntry } from '../../ports/candle-log.ts';
import { failureOf } from './failure.ts';
import { loadNats, type Nats } from './load.ts';
import type { NatsSettings } from './options.ts';
import { brokenRules, versionProblem } from './stream-rules.ts';

/** What one message of the stream holds. */
export interface Stored {
  readonly entry: LogEntry;
  readonly seq: number;
}

/** The last message of a subject. */
export interface Tail {
  readonly timestamp: EpochMs;
  /** Its sequence number in the stream: what the fence expects. */
  readonly seq: number;
}

/** What is known of the stream. */
export interface StreamFacts {
  /** Begins the subjects on which what is stored is republished; undefined where it is not. */
  readonly livePrefix: string | undefined;
}

/**
 * One connection, from its handshake to its end, and what was learnt over it. There is no reconnecting below it: what was
 * sent over a connection that broke is never sent again by itself, with an expectation that is no longer true.
 */
export interface Session {
  readonly stream: string;
  readonly connection: NatsConnection;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
  /** By subject. A server that came back may have lost some: they end with the session. */
  readonly tails: Map<string, Tail>;
  /** By subject, while somebody listens: the server sends what is republished once over a connection, for all who read it. */
  readonly republished: Map<string, Observable<Stored>>;
  /** Rejects with a LogError where the stream cannot be used. */
  facts(): Promise<StreamFacts>;
}

/** A dead peer is found within two of these, ms. */
const PING_MS = 10_000;
/** For a connection, and for one request, ms. */
const TIMEOUT_MS = 5000;

/**
 * Connects to whichever server answers.
 *
 * Emits:  the session.
 * Errors: when it ends or cannot be had, with LogInterrupted or LogError. Unsubscribing ends it.
 */
export function openSession$(settings: NatsSettings): Observable<Session> {
  return new Observable((subscriber) => {
    const fail = (error: unknown): void => {
      subscriber.error(failureOf(error, settings.stream));
    };
    const failToConnect = (error: unknown): void => {
      const failure = failureOf(error, settings.stream);
      subscriber.error(failure instanceof LogInterrupted ? atServers(settings, failure) : failure);
    };
    connectTo(settings).then((session) => {
      const { connection } = session;
      subscriber.add(() => void connection.close().catch(() => undefined));
      subscriber.next(session);
      void connection.closed().then((error) => {
        fail(error instanceof Error ? error : new LogInterrupted('the server closed the connection'));
      });
    }, failToConnect);
  });
}

/** The client names no host, or only one that it could not look up. */
function atServers({ servers }: NatsSettings, failure: LogInterrupted): LogInterrupted {
  return new LogInterrupted(`${servers.join(', ')}: ${failure.message}`, { cause: failure.cause });
}

async function connectTo(settings: NatsSettings): Promise<Session> {
  const { stream } = settings;
  const nats = await loadNats(stream);
  const connection = await nats.connect(connectionOptions(settings, nats));
  const jsm = await nats.jetstreamManager(connection, { checkAPI: false });
  let facts: Promise<StreamFacts> | undefined;
  return {
    stream,
    connection,
    js: nats.jetstream(connection),
    jsm,
    tails: new Map(),
    republished: new Map(),
    facts: () => {
      facts ??= factsOf(jsm, stream, versionOf(connection)).catch((error: unknown) => {
        facts = undefined;
        throw error;
      });
      return facts;
    },
  };
}

export function versionOf({ info }: NatsConnection): string {
  return info?.version ?? '0';
}

function connectionOptions(settings: NatsSettings, nats: Nats): NodeConnectionOptions {
  const { servers, credentials, tls, name } = settings;
  return {
    servers: [...servers],
    name,
    reconnect: false,
    pingInterval: PING_MS,
    timeout: TIMEOUT_MS,
    ...(tls && { tls: tls as NonNullable<NodeConnectionOptions['tls']> }),
    ...credentialOptions(credentials, nats),
  };
}

function credentialOptions(credentials: NatsSettings['credentials'], nats: Nats): Partial<NodeConnectionOptions> {
  if (credentials === undefined) return {};
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  if ('user' in credentials) return { user: credentials.user, pass: credentials.password };
  if ('token' in credentials) return { token: credentials.token };
  if ('creds' in credentials) return { authenticator: nats.credsAuthenticator(bytes(credentials.creds)) };
  return { authenticator: nats.nkeyAuthenticator(bytes(credentials.nkey)) };
}

async function factsOf(jsm: JetStreamManager, stream: string, version: string): Promise<StreamFacts> {
  const { config } = await jsm.streams.info(stream);
  const problems = [...brokenRules(config, stream), versionProblem(version, config.num_replicas) ?? []].flat();
  if (problems.length > 0) throw new LogError('wrong rules', stream, { what: problems.join('; ') });
  return { livePrefix: config.republish?.dest.replace(/\.>$/, '') };
}
