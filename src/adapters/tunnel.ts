import { once } from 'node:events';
import http from 'node:http';
import net, { type Socket } from 'node:net';
import tls from 'node:tls';
import { HANDSHAKE_TIMEOUT_MS } from '../core/defaults.ts';
import { InternalError } from '../core/errors.ts';
import { isSecure, portOf } from '../core/proxy-environment.ts';
import { withoutBrackets, type ProxyServer } from '../core/proxy-url.ts';
import { ProxyError, certificateProblem, messageOf } from './connection-failure.ts';
import type { NodeTls } from './network.ts';

export interface TunnelOptions {
  readonly proxy: ProxyServer;
  /** For the connection to the target, and its authorities for a proxy that is spoken to over TLS itself. */
  readonly tls?: NodeTls | undefined;
  /** How long the proxy may take to connect, ms. Default HANDSHAKE_TIMEOUT_MS. */
  readonly withinMs?: number;
}

/**
 * A connection to the host of `url` through a proxy, TLS included. The proxy looks the host up, so that nothing, not even
 * the question for its address, goes past the proxy.
 *
 * @param signal - aborts it and leaves nothing open; no longer of effect once it is open
 * @returns rejects with ProxyError, whatever the proxy did; with InternalError where the library for SOCKS is missing
 */
export async function openTunnel(url: URL, options: TunnelOptions, signal: AbortSignal): Promise<Socket> {
  const { proxy, withinMs = HANDSHAKE_TIMEOUT_MS } = options;
  const late = AbortSignal.timeout(withinMs);
  const ended = AbortSignal.any([signal, late]);
  ended.throwIfAborted();
  const socket = connectTo(options);
  const destroy = () => socket.destroy();
  ended.addEventListener('abort', destroy);
  try {
    await connected(socket, proxy, ended);
    await (proxy.protocol === 'socks5' ? askSocks(socket, proxy, url) : askHttp(socket, proxy, url));
    return isSecure(url) ? secured(socket, url, options) : socket;
  } catch (error) {
    socket.destroy();
    throw late.aborted ? new ProxyError(`the proxy ${proxy.name} did not answer within ${withinMs} ms`) : error;
  } finally {
    ended.removeEventListener('abort', destroy);
  }
}

function connectTo({ proxy, tls: { ca, rejectUnauthorized } = {} }: TunnelOptions): Socket {
  const { host, port } = proxy;
  const where = { host, port, noDelay: true, keepAlive: true };
  if (proxy.protocol !== 'https') return net.connect(where);
  return tls.connect({
    ...where,
    servername: serverName(host),
    ...(ca !== undefined && { ca }),
    rejectUnauthorized: rejectUnauthorized !== false,
  });
}

async function connected(socket: Socket, { name, protocol }: ProxyServer, signal: AbortSignal): Promise<void> {
  // From here on every failure is somebody's answer; without a listener it would end the process.
  socket.on('error', () => undefined);
  try {
    await once(socket, protocol === 'https' ? 'secureConnect' : 'connect', { signal });
  } catch (error) {
    const why = certificateProblem(error as Error);
    const about = why === undefined ? messageOf(error as Error) : `its certificate ${why}`;
    throw new ProxyError(`the proxy ${name} cannot be reached: ${about}`);
  }
}

/** HTTP CONNECT, with Basic authentication where the proxy's URL has a user. */
async function askHttp(socket: Socket, { name, login }: ProxyServer, url: URL): Promise<void> {
  const target = authorityOf(url);
  const credentials = login === null ? undefined : Buffer.from(`${login.user}:${login.password}`).toString('base64');
  const request = http.request({
    method: 'CONNECT',
    path: target,
    headers: { host: target, ...(credentials !== undefined && { 'proxy-authorization': `Basic ${credentials}` }) },
    createConnection: () => socket,
  });
  const answered = once(request, 'connect') as Promise<[http.IncomingMessage, Socket, Buffer]>;
  request.end();
  const [{ statusCode = 0 }, , head] = await answered.catch((error: unknown) => {
    throw new ProxyError(`the proxy ${name} broke off when asked for ${target} (${messageOf(error as Error)})`);
  });
  if (Math.floor(statusCode / 100) !== 2)
    throw new ProxyError(`the proxy ${name} ${refusal(statusCode, target, login !== null)}`);
  socket.unshift(head); // what came together with the answer is the target's
}

function refusal(status: number, target: string, hasLogin: boolean): string {
  const code = `(HTTP ${status} from the proxy)`;
  if (status === 407) return `${loginProblem(hasLogin)} ${code}`;
  if (status === 403) return `does not allow connections to ${target} ${code}`;
  return status >= 500 ? `cannot reach ${target} ${code}` : `refuses to connect to ${target} ${code}`;
}

function loginProblem(hasLogin: boolean): string {
  return hasLogin ? 'refuses its user or password' : 'asks for a user and password';
}

/** What the library for SOCKS says, whose errors have no codes, and hold the password beside their words. */
const SOCKS_REFUSALS: readonly (readonly [RegExp, (target: string, hasLogin: boolean) => string])[] = [
  [/Authentication failed/, () => loginProblem(true)],
  [/authentication type/, (_, hasLogin) => loginProblem(hasLogin)],
  [/NotAllowed/, (target) => `does not allow connections to ${target}`],
  [/rejected connection/, (target) => `cannot reach ${target}`],
];

async function askSocks(socket: Socket, { name, host, port, login }: ProxyServer, url: URL): Promise<void> {
  const target = authorityOf(url);
  const { SocksClient } = await import('socks').catch((cause: unknown) => {
    throw new InternalError(cause);
  });
  if (socket.destroyed) throw new ProxyError(`the proxy ${name} broke off when asked for ${target}`);
  try {
    await SocksClient.createConnection({
      command: 'connect',
      proxy: { host, port, type: 5, ...(login !== null && { userId: login.user, password: login.password }) },
      destination: { host: withoutBrackets(url.hostname), port: portOf(url) },
      existing_socket: socket,
    });
  } catch (error) {
    const said = messageOf(error as Error);
    const [, inWords] = SOCKS_REFUSALS.find(([pattern]) => pattern.test(said)) ?? [];
    const about = inWords?.(target, login !== null) ?? `broke off when asked for ${target}`;
    throw new ProxyError(`the proxy ${name} ${about} (${said})`);
  }
}

function secured(socket: Socket, url: URL, options: TunnelOptions): Socket {
  const host = withoutBrackets(url.hostname);
  return tls.connect({ ...options.tls, socket, host, servername: serverName(host) });
}

/** An address is not a name that a server may be asked for. */
function serverName(host: string): string {
  return net.isIP(host) === 0 ? host : '';
}

function authorityOf(url: URL): string {
  return `${url.hostname}:${portOf(url)}`;
}
