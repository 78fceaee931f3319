import http, { type ClientRequestArgs } from 'node:http';
import https from 'node:https';
import type { ProxyServer } from '../../core/proxy-url.ts';
import type { CcxtExchange } from '../../venues/ccxt/exchange.ts';
import type { Route } from '../network.ts';
import { throughProxy, type CreateConnection } from '../tunnel-agent.ts';

/** Properties of an exchange of ccxt that determine how requests are sent and sockets opened. */
export interface RouteSettings {
  readonly httpsProxy?: string;
  readonly socksProxy?: string;
  /** For encrypted sockets. */
  readonly agent: https.Agent;
  /** For others: ccxt opens none without an agent. */
  readonly httpAgent: http.Agent;
  /** Options of its HTTP client: for requests straight to the exchange, and for those through a proxy. */
  readonly getDispatcherOptions: CcxtExchange['getDispatcherOptions'];
}

/** ccxt sends requests through proxies by itself; for its sockets it would need packages that are not installed. */
export function routeSettings({ proxy, tls }: Route, exchange: CcxtExchange): RouteSettings {
  const ownOptions = exchange.getDispatcherOptions.bind(exchange);
  const getDispatcherOptions: CcxtExchange['getDispatcherOptions'] = (isDirect = false) => ({
    ...ownOptions(isDirect),
    ...(isDirect ? { connect: tls } : { requestTls: tls }),
  });
  const agents = { agent: new https.Agent(tls), httpAgent: new http.Agent() };
  if (proxy === undefined) return { ...agents, getDispatcherOptions };
  const url = urlOf(proxy);
  const rest = proxy.protocol === 'socks5' ? { socksProxy: url } : { httpsProxy: url };
  Object.assign(agents.agent, { createConnection: connectionBy('https:', { proxy, tls }) });
  Object.assign(agents.httpAgent, { createConnection: connectionBy('http:', { proxy, tls }) });
  return { ...rest, ...agents, getDispatcherOptions };
}

/** To whichever host ccxt asks for. */
function connectionBy(scheme: 'http:' | 'https:', route: Route & { readonly proxy: ProxyServer }): CreateConnection {
  const never = new AbortController().signal;
  return (options: ClientRequestArgs, done) => {
    const url = new URL(`${scheme}//${String(options.host)}:${String(options.port)}`);
    throughProxy(url, route, never)(options, done);
  };
}

function urlOf({ protocol, host, port, login }: ProxyServer): string {
  const name = host.includes(':') ? `[${host}]` : host;
  const user = login === null ? '' : `${encodeURIComponent(login.user)}:${encodeURIComponent(login.password)}@`;
  return `${protocol}://${user}${name}:${String(port)}`;
}
