import { LogError, type LogReason } from '../../core/errors.ts';
import { LogInterrupted } from '../../core/log-interrupted.ts';

/** What waiting does not mend, by the error's name or by JetStream's code (nats-server `server/errors.json`). */
const REASONS: Readonly<Record<string, { readonly reason: LogReason; readonly what: string }>> = {
  AuthorizationError: { reason: 'refused', what: 'the server refuses these credentials' },
  UserAuthenticationExpiredError: { reason: 'refused', what: 'the credentials have expired' },
  PermissionViolationError: { reason: 'refused', what: 'the server does not allow this user' },
  InvalidArgumentError: { reason: 'refused', what: 'the server cannot be used so' },
  10039: { reason: 'no JetStream', what: 'JetStream is not enabled for this account' },
  10059: {
    reason: 'no stream',
    what: 'the server has no such stream; a feeder makes it (rx-candles feed, or ensureStream())',
  },
  10060: { reason: 'wrong rules', what: 'another stream takes the subjects of this one' },
  10065: { reason: 'wrong rules', what: 'another stream has subjects of this one; choose another name' },
  10074: { reason: 'wrong rules', what: 'this server has no cluster for replicas' },
  10076: { reason: 'no JetStream', what: 'JetStream is not enabled; start nats-server with -js' },
};

/** `wrong last sequence`: the fence. 10164 is what a newer server says when it does not know the right one. */
const FENCED = [10071, 10164];

/** What went wrong between us and the server: a LogError, or LogInterrupted for what is worth another attempt. */
export function failureOf(error: unknown, stream: string): LogError | LogInterrupted {
  if (error instanceof LogError || error instanceof LogInterrupted) return error;
  const known = REASONS[codeOf(error) ?? ''] ?? REASONS[error instanceof Error ? error.name : ''];
  const text = error instanceof Error ? error.message : String(error);
  if (known === undefined) return new LogInterrupted(text, { cause: error });
  return new LogError(known.reason, stream, { what: `${known.what} (${text})`, cause: error });
}

export function isFenced(error: unknown): boolean {
  return FENCED.includes(Number(codeOf(error)));
}

/** The server has no stream for a subject, or JetStream is only just starting. */
export function hasNoResponder(error: unknown): boolean {
  return error instanceof Error && error.name === 'JetStreamNotEnabled';
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? String(error.code) : undefined;
}
