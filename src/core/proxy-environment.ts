import { PROXY_URL, parseProxyUrl, showProxyUrl, withoutBrackets, type ProxyServer } from './proxy-url.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the environment says about one URL. */
export interface EnvironmentProxy {
  /** Undefined where the URL is opened directly. */
  readonly proxy?: ProxyServer;
  /** The variable that names it. */
  readonly variable?: string;
  readonly problem?: string;
}

/**
 * The proxy that `HTTPS_PROXY` (for https and wss), `HTTP_PROXY` (for http and ws) or else `ALL_PROXY` name for a URL,
 * unless `NO_PROXY` excludes its host. Each name is read in lower case first. This machine itself needs no proxy.
 */
export function environmentProxy(url: string, environment: Environment): EnvironmentProxy {
  const target = new URL(url);
  if (isLoopback(target.hostname) || isExcluded(target, valueOf('NO_PROXY', environment).value)) return {};
  const own = isSecure(target) ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const { name, value } = [own, 'ALL_PROXY'].map((each) => valueOf(each, environment)).find(isSet) ?? UNSET;
  if (value === '') return {};
  // `proxy.example:3128` is widely written, and means http.
  const proxy = parseProxyUrl(value.includes('://') ? value : `http://${value}`);
  if (proxy !== undefined) return { proxy, variable: name };
  return { problem: `${name}: must be ${PROXY_URL}, got ${showProxyUrl(value)}` };
}

/** Whether the connection to it is encrypted. */
export function isSecure({ protocol }: URL): boolean {
  return protocol === 'https:' || protocol === 'wss:';
}

/** The port that it says, or the one of its scheme. */
export function portOf(url: URL): number {
  return url.port === '' ? (isSecure(url) ? 443 : 80) : Number(url.port);
}

interface Variable {
  readonly name: string;
  readonly value: string;
}

const UNSET: Variable = { name: '', value: '' };

function valueOf(name: string, environment: Environment): Variable {
  const lower = { name: name.toLowerCase(), value: environment[name.toLowerCase()]?.trim() ?? '' };
  return isSet(lower) ? lower : { name, value: environment[name]?.trim() ?? '' };
}

function isSet({ value }: Variable): boolean {
  return value !== '';
}

function isLoopback(hostname: string): boolean {
  return /^(.*\.)?localhost$|^127(\.\d+){3}$|^\[::1\]$/.test(hostname);
}

/** `*` is every host. */
function isExcluded(target: URL, list: string): boolean {
  const host = withoutBrackets(target.hostname);
  return list.split(/[\s,]+/).some((text) => {
    const { name, port } = entryOf(text.toLowerCase());
    if (port !== undefined && port !== portOf(target)) return false;
    return name === '*' || (name !== '' && (host === name || host.endsWith(`.${name}`)));
  });
}

interface Entry {
  /** A host, which covers its subdomains however it is written (`.host`, `*.host`), or an address. */
  readonly name: string;
  readonly port: number | undefined;
}

function entryOf(text: string): Entry {
  // An IPv6 address without brackets has no port.
  const [, name = text, port] = /^(\[.*\]|[^:]*):(\d+)$/.exec(text) ?? [];
  return { name: withoutBrackets(name).replace(/^\*?\./, ''), port: port === undefined ? undefined : Number(port) };
}
