/** A proxy server, read from its URL. */
export interface ProxyServer {
  readonly protocol: 'http' | 'https' | 'socks5';
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
  /** Null where the URL has none. */
  readonly login: ProxyLogin | null;
  /** Scheme, host and port for messages; never the user or the password. */
  readonly name: string;
}

export interface ProxyLogin {
  readonly user: string;
  readonly password: string;
}

/** Completes the sentence "… must be". */
export const PROXY_URL =
  'an http://, https:// or socks5:// URL of host and port (special characters of user and password percent-encoded)';

/** `socks5h` and `socks` mean the same here: the proxy always looks the host up. */
const PROTOCOLS: Readonly<Record<string, { readonly protocol: ProxyServer['protocol']; readonly port: number }>> = {
  'http:': { protocol: 'http', port: 80 },
  'https:': { protocol: 'https', port: 443 },
  'socks5:': { protocol: 'socks5', port: 1080 },
  'socks5h:': { protocol: 'socks5', port: 1080 },
  'socks:': { protocol: 'socks5', port: 1080 },
};

/** The proxy that a URL names; undefined for everything else. */
export function parseProxyUrl(text: string): ProxyServer | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const known = PROTOCOLS[url.protocol];
  const login = loginOf(url);
  if (known === undefined || login === undefined || !isHostAndPort(url)) return undefined;
  const { protocol } = known;
  if (protocol === 'socks5' && !fitsSocks(login)) return undefined;
  const port = Number(url.port || known.port);
  return { protocol, host: withoutBrackets(url.hostname), port, login, name: `${protocol}://${url.hostname}:${port}` };
}

/** How an invalid value is shown: its scheme at most, since the rest may hold a password wherever it stands. */
export function showProxyUrl(text: string): string {
  const scheme = /^([a-z][a-z\d+.-]*):\/\//i.exec(text)?.[1];
  return scheme === undefined ? 'a string without http://, https:// or socks5://' : `another kind of ${scheme}:// URL`;
}

/** `::1` of `[::1]`. */
export function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

function isHostAndPort({ hostname, port, pathname, search, hash }: URL): boolean {
  return hostname !== '' && port !== '0' && /^\/?$/.test(pathname + search + hash);
}

/** Null where there is none; undefined where a % encodes nothing. */
function loginOf({ username, password }: URL): ProxyLogin | null | undefined {
  if (username === '' && password === '') return null;
  try {
    return { user: decodeURIComponent(username), password: decodeURIComponent(password) };
  } catch {
    return undefined;
  }
}

/** SOCKS5 writes the lengths of user and password into one byte each. */
function fitsSocks(login: ProxyLogin | null): boolean {
  return Object.values(login ?? {}).every((text: string) => new TextEncoder().encode(text).length < 256);
}
