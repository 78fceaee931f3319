import { createSecureContext, type ConnectionOptions } from 'node:tls';
import { completed } from '../core/completed.ts';
import { ConfigError } from '../core/errors.ts';
import { environmentProxy } from '../core/proxy-environment.ts';
import { parseProxyUrl, type ProxyServer } from '../core/proxy-url.ts';
import type { FeedSettings } from '../core/settings.ts';
import type { TlsOptions } from '../core/tls-options.ts';
import type { Connector } from '../ports/connector.ts';
import type { Endpoints } from '../ports/endpoints.ts';
import { messageOf } from './connection-failure.ts';

/** As `tls.connect` takes them; without keys that are undefined, which Node takes for values. */
export type NodeTls = Pick<ConnectionOptions, 'ca' | 'cert' | 'key' | 'rejectUnauthorized'>;

/** How connections to one host are opened. */
export interface Route {
  /** Undefined for a direct connection. */
  readonly proxy: ProxyServer | undefined;
  /** Who named the proxy: a variable of the environment, or the option. */
  readonly namedBy?: string | undefined;
  readonly tls: NodeTls;
}

export interface Network {
  readonly stream: Route;
  readonly rest: Route;
  /** Which proxy is used and who named it, for the log; empty for none. */
  readonly notes: readonly string[];
}

/**
 * The hosts of a venue, or of its test network, with those of the settings in their place.
 *
 * @throws ConfigError where the venue has no test network
 */
export function endpointsOf(
  { id, ...venue }: Pick<Connector, 'id' | 'endpoints' | 'testnet'>,
  { testnet = false, endpoints = {} }: Pick<FeedSettings, 'testnet' | 'endpoints'>,
): Endpoints {
  const hosts = testnet ? venue.testnet : venue.endpoints;
  if (hosts === null) throw new ConfigError([`testnet: ${id} has no test network`]);
  return completed(hosts, endpoints);
}

/**
 * How a feed reaches its hosts: by its settings, or else by the environment as it is now.
 *
 * @param settings - checked ones
 * @throws ConfigError that lists every problem
 */
export function networkOf({ proxy, tls }: Pick<FeedSettings, 'proxy' | 'tls'>, endpoints: Endpoints): Network {
  const checked = nodeTls(tls);
  const stream = choose(endpoints.stream, proxy);
  const rest = choose(endpoints.rest, proxy);
  const problems = [checked.problem, stream.problem, rest.problem].filter((problem) => problem !== undefined);
  if (problems.length > 0) throw new ConfigError([...new Set(problems)]);
  return {
    stream: { proxy: stream.proxy, namedBy: stream.variable, tls: checked.tls },
    rest: { proxy: rest.proxy, namedBy: rest.variable, tls: checked.tls },
    notes: notesOf(stream, rest),
  };
}

/** @throws ConfigError for certificates that cannot be used */
export function checkTls(tls: FeedSettings['tls']): void {
  const { problem } = nodeTls(tls);
  if (problem !== undefined) throw new ConfigError([problem]);
}

interface CheckedTls {
  readonly tls: NodeTls;
  readonly problem?: string;
}

/** Checked by OpenSSL, since a key may not match its certificate. */
function nodeTls(options: TlsOptions = {}): CheckedTls {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const tls: NodeTls = Object.fromEntries(given);
  if (given.length === 0) return { tls };
  try {
    createSecureContext(tls);
    return { tls };
  } catch (error) {
    return { tls, problem: `tls: ${messageOf(error as Error)}` };
  }
}

interface Choice {
  readonly proxy?: ProxyServer | undefined;
  /** Who named it. */
  readonly variable?: string | undefined;
  readonly problem?: string | undefined;
}

function choose(url: string, proxy: FeedSettings['proxy']): Choice {
  if (proxy === undefined) return environmentProxy(url, process.env);
  return proxy === false ? {} : { proxy: parseProxyUrl(proxy), variable: 'the option proxy' };
}

function notesOf(stream: Choice, rest: Choice): string[] {
  const [one, other] = [viaText(stream), viaText(rest)];
  if (one === other) return one === undefined ? [] : [`stream and REST go ${one}`];
  return [`the stream goes ${one ?? 'directly'}`, `REST goes ${other ?? 'directly'}`];
}

function viaText({ proxy, variable = '' }: Choice): string | undefined {
  return proxy === undefined ? undefined : `through the proxy ${proxy.name} (${variable})`;
}
