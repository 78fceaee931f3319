import type { StreamInfo } from '@nats-io/jetstream';
import { ConfigError, LogError } from '../../core/errors.ts';
import type { StreamOptions, StreamReport } from './options.ts';
import { versionOf, type Session } from './session.ts';
import { brokenRules, differences, keptOf, rulesOf, versionProblem } from './stream-rules.ts';

/** @throws ConfigError that lists every problem */
export function checkStreamOptions({ keep, replicas }: StreamOptions): void {
  const isCount = (value: unknown, least: number): boolean => Number.isSafeInteger(value) && Number(value) >= least;
  const problems = [
    ...(keep === undefined || keep === 'all' || isCount(keep, 2)
      ? []
      : ['keep: must be a whole number of at least 2, or all']),
    ...(replicas === undefined || (isCount(replicas, 1) && replicas <= 5) ? [] : ['replicas: must be from 1 to 5']),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
}

/**
 * The stream of a session, made if there is none.
 *
 * @throws LogError that lists whatever is wrong with it, and what the server says
 */
export async function ensureStream(session: Session, options: StreamOptions): Promise<StreamReport> {
  const { stream, connection } = session;
  const server = versionOf(connection);
  const trouble = versionProblem(server, options.replicas ?? 1);
  if (trouble !== undefined) throw new LogError('old server', stream, { what: trouble });
  const wanted = rulesOf(stream, options);
  const found = await existing(session);
  const { config, state } = found ?? (await made(session, wanted));
  const asked =
    found === undefined ? { keep: keptOf(wanted.max_msgs_per_subject ?? -1), replicas: wanted.num_replicas } : options;
  const problems = [...brokenRules(config, stream), ...differences(config, wanted, asked)];
  if (problems.length > 0) throw new LogError('wrong rules', stream, { what: problems.join('; ') });
  return {
    outcome: found === undefined ? 'made' : 'found',
    stream,
    server,
    keep: keptOf(config.max_msgs_per_subject),
    replicas: config.num_replicas,
    messages: state.messages,
    bytes: state.bytes,
  };
}

async function existing({ jsm, stream }: Session): Promise<StreamInfo | undefined> {
  try {
    return await jsm.streams.info(stream);
  } catch (error) {
    if (error instanceof Error && error.name === 'StreamNotFoundError') return undefined;
    throw error;
  }
}

/** Another program may make it at the same moment, and otherwise. */
async function made(session: Session, wanted: ReturnType<typeof rulesOf>): Promise<StreamInfo> {
  try {
    return await session.jsm.streams.add(wanted);
  } catch (error) {
    const other = await existing(session);
    if (other === undefined) throw error;
    return other;
  }
}
