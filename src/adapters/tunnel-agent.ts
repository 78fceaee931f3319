import http, { type ClientRequestArgs } from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import { openTunnel, type TunnelOptions } from './tunnel.ts';

/** Node's own `createConnection`: the connection comes later. */
export type CreateConnection = (options: ClientRequestArgs, done: Created) => undefined;
type Created = (error: Error | null, socket: Duplex) => void;

/**
 * For Node's HTTP clients and `ws`: every connection to the host of `url` goes through a proxy.
 *
 * @param signal - aborts those that are not open yet
 */
export function throughProxy(url: URL, tunnel: TunnelOptions, signal: AbortSignal): CreateConnection {
  return ({ timeout }, done) => {
    openTunnel(url, tunnel, signal).then(
      (socket) => {
        // Node sets it on connections of its own only.
        done(null, timeout === undefined ? socket : socket.setTimeout(timeout));
      },
      (error: unknown) => {
        // On failure there is no socket, which the type does not know.
        done(error as Error, undefined as unknown as Duplex);
      },
    );
    return undefined;
  };
}

/** An agent for one origin, whose connections go through a proxy; `destroy` also aborts those that are not open yet. */
export function tunnelAgent(url: URL, tunnel: TunnelOptions, options: https.AgentOptions): http.Agent {
  const ended = new AbortController();
  const agent = url.protocol === 'https:' ? new https.Agent(options) : new http.Agent(options);
  const destroy = agent.destroy.bind(agent);
  return Object.assign(agent, {
    createConnection: throughProxy(url, tunnel, ended.signal),
    destroy: () => {
      ended.abort();
      destroy();
    },
  });
}
