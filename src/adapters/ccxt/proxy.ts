import http, { type ClientRequestArgs } from 'node:http';
import https from 'node:https';
import type { ProxyServer } from '../../core/proxy-url.ts';
import { throughProxy, type CreateConnection } from '../tunnel-agent.ts';

/** Properties of an exchange of ccxt that send its requests and its sockets through a proxy. */
export interface ProxySettings {
  readonly httpsProxy?: string;
  readonly socksProxy?: string;
  /** For encrypted sockets. */
  readonly agent?: https.Agent;
  /** For others: it opens none without an agent. */
  readonly httpAgent: http.Agent;
}

/** ccxt sends requests through proxies by itself; for its sockets it wants packages that nobody has installed. */
export function proxySettings(proxy: ProxyServer | undefined): ProxySettings {
  if (proxy === undefined) return { httpAgent: new http.Agent() };
  const url = urlOf(proxy);
  const rest = proxy.protocol === 'socks5' ? { socksProxy: url } : { httpsProxy: url };
  const agent = Object.assign(new https.Agent(), { createConnection: connectionBy('https:', proxy) });
  const httpAgent = Object.assign(new http.Agent(), { createConnection: connectionBy('http:', proxy) });
  return { ...rest, agent, httpAgent };
}

/** To whatever host is asked for. */
function connectionBy(scheme: 'http:' | 'https:', proxy: ProxyServer): CreateConnection {
  const never = new AbortController().signal;
  return (options: ClientRequestArgs, done) => {
    const url = new URL(`${scheme}//${String(options.host)}:${String(options.port)}`);
    throughProxy(url, { proxy, tls: {} }, never)(options, done);
  };
}

function urlOf({ protocol, host, port, login }: ProxyServer): string {
  const name = host.includes(':') ? `[${host}]` : host;
  const user = login === null ? '' : `${encodeURIComponent(login.user)}:${encodeURIComponent(login.password)}@`;
  return `${protocol}://${user}${name}:${String(port)}`;
}
