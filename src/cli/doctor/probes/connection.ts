import { once } from 'node:events';
import net, { type Socket } from 'node:net';
import { connectionFailure, openTunnel, type Host } from '../../../configuration.ts';
import { failed, ok, type Finding } from '../check.ts';

/** Where a host listens. */
export interface Place {
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
  readonly isSecure: boolean;
  /** `host:port`. */
  readonly text: string;
}

export function placeOf(text: string): Place {
  const url = new URL(text);
  const isSecure = url.protocol === 'https:' || url.protocol === 'wss:';
  const port = url.port === '' ? (isSecure ? 443 : 80) : Number(url.port);
  return { host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port, isSecure, text: `${url.hostname}:${port}` };
}

/** Opens a TCP connection to a host and closes it: its own, or one that its proxy opens. */
export async function probeConnection({ url, proxy, tls }: Host, signal: AbortSignal): Promise<Finding> {
  const place = placeOf(url);
  const startedAt = performance.now();
  try {
    const socket = await (proxy === undefined
      ? connectTo(place, signal)
      : openTunnel(new URL(`http://${place.text}`), { proxy, tls }, signal));
    const tookMs = Math.round(performance.now() - startedAt);
    const address = socket.remoteAddress ?? place.host;
    socket.destroy();
    if (proxy !== undefined) return ok(`${proxy.name} opens ${place.text} (${tookMs} ms)`, { proxy: proxy.name, connectMs: tookMs }); // prettier-ignore
    return ok(`${address} port ${place.port} (${tookMs} ms)`, { address, port: place.port, connectMs: tookMs });
  } catch (error) {
    return connectionFinding(place, error as Error, { isAborted: signal.aborted });
  }
}

/** @param place - of the host, or of a proxy */
export async function connectTo({ host, port }: Pick<Place, 'host' | 'port'>, signal: AbortSignal): Promise<Socket> {
  const socket = net.connect({ host, port });
  socket.on('error', () => undefined);
  try {
    await once(socket, 'connect', { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

export function connectionFinding(place: Place, error: Error, { isAborted }: { readonly isAborted: boolean }): Finding {
  const { kind, message } = connectionFailure(error, place.text);
  if (kind === 'proxy') return failed(message, proxyAdvice(message));
  if (isAborted) return failed(`${place.text}: no answer in time`, adviceFor('ETIMEDOUT', place));
  const code = codeOf(error);
  return failed(`${place.text}: ${message}`, adviceFor(code, place), { code });
}

const ADVICE: Readonly<Record<string, (text: string) => string>> = {
  ECONNREFUSED: (text) => `nothing listens at ${text}, or a firewall rejects it: check host and port, and the firewall`,
  ECONNRESET: () =>
    'something on the way cuts the connection: a firewall or a filter; allow the host there, or use --proxy',
  ETIMEDOUT: (text) => `a firewall on the way drops the packets: allow ${text}, or go through a proxy (--proxy)`,
  ENETUNREACH: () =>
    'there is no way into that network: check this machine’s connection, and IPv6 where the address is one',
  EHOSTUNREACH: () => 'there is no way to that host: check this machine’s connection, VPN and routes',
};

function adviceFor(code: string, { text }: Place): string {
  return ADVICE[code]?.(text) ?? 'check this machine’s network connection and firewall';
}

/** By the words of `ProxyError` (docs/errors.md has them all). */
export function proxyAdvice(message: string): string {
  if (message.includes('asks for a user')) return 'put them into the proxy’s URL: http://user:password@host:port';
  if (message.includes('refuses its user')) {
    return 'correct user and password in the proxy’s URL, special characters percent-encoded; NTLM and Kerberos are not supported';
  }
  if (message.includes('cannot be reached')) return 'check the proxy’s host and port, and that it runs; --no-proxy connects directly'; // prettier-ignore
  if (message.includes('did not answer')) return 'check the scheme of the proxy’s URL: http, https or socks5';
  if (/does not allow|refuses to connect/.test(message)) return 'have the exchange’s hosts and port 443 allowed there (docs/protocol.md, Hosts)'; // prettier-ignore
  return 'check that the proxy itself can reach the exchange';
}

function codeOf(error: Error): string {
  const [first] = error instanceof AggregateError ? (error.errors as readonly unknown[]) : [error];
  return first instanceof Error && 'code' in first ? String(first.code) : '';
}
