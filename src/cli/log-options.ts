import { InvalidArgumentError, Option, type Command } from 'commander';
import { readFile } from 'node:fs/promises';
import type { NatsCredentials, NatsLog } from '../log/nats/index.ts';

/** The options of every command that writes a log or reads one. */
export interface LogArguments {
  readonly nats?: LogServers;
  readonly natsStream?: string;
  readonly natsCreds?: string;
}

/** Options of the way to an exchange, which nobody needs who looks at a log. */
export const NOT_WITH_NATS = ['testnet', 'streamUrl', 'restUrl', 'proxy'];

/** Where a log is, and who we are there. */
export interface LogServers {
  /** Without passwords. */
  readonly servers: readonly string[];
  readonly credentials?: NatsCredentials;
}

/**
 * Adds the options of `LogArguments` to a command.
 *
 * @param what - what the log is for
 * @param instead - names of options that have no meaning with a log
 */
export function addLogOptions(command: Command, what: string, instead: string[] = []): Command {
  return command
    .addOption(new Option('--nats <servers>', what).argParser(toLogServers).conflicts(instead))
    .option('--nats-stream <name>', "the log's stream (default: CANDLES)")
    .addOption(new Option('--nats-creds <file>', 'a .creds file, as the NATS tools write it').env('NATS_CREDS'));
}

/** Ends with a usage error where a stream is named and no server. */
export function checkLogOptions(command: Command, { nats, natsStream }: LogArguments): void {
  if (nats === undefined && natsStream !== undefined)
    command.error("error: option '--nats-stream <name>' needs '--nats <servers>'");
}

/**
 * `nats://host:4222`, `tls://host`, `host`, several separated by commas; `user:password@` or `token@` before the first
 * host is for all of them.
 */
export function toLogServers(text: string): LogServers {
  const urls = text.split(',').map((word) => toServerUrl(word.trim()));
  const [first] = urls;
  const credentials = first === undefined ? undefined : credentialsIn(first);
  return {
    servers: urls.map(({ protocol, host }) => `${protocol}//${host}`),
    ...(credentials === undefined ? {} : { credentials }),
  };
}

const PROTOCOLS = ['nats:', 'tls:'];

function toServerUrl(text: string): URL {
  const withProtocol = text.includes('://') ? text : `nats://${text}`;
  const url = URL.canParse(withProtocol) ? new URL(withProtocol) : undefined;
  const isServer = url !== undefined && url.hostname !== '' && PROTOCOLS.includes(url.protocol);
  if (isServer && ['', '/'].includes(url.pathname)) return url;
  throw new InvalidArgumentError('it must be like nats://host:4222 or tls://host:4222, several separated by commas');
}

function credentialsIn({ username, password }: URL): NatsCredentials | undefined {
  if (username === '') return undefined;
  const [name, secret] = [decodeURIComponent(username), decodeURIComponent(password)];
  return secret === '' ? { token: name } : { user: name, password: secret };
}

/** Opens the log that is meant. Connects with its first use. */
export async function openLog({ nats, natsStream, natsCreds }: LogArguments): Promise<NatsLog> {
  const credentials = natsCreds === undefined ? nats?.credentials : { creds: await credsIn(natsCreds) };
  const { natsLog } = await import('../log/nats/index.ts');
  // Each command tells of the way to the log itself.
  return natsLog({ servers: nats?.servers, stream: natsStream, credentials, warn: () => undefined });
}

async function credsIn(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new Error(`--nats-creds ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
