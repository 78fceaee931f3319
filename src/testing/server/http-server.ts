import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { FakeExchangeOptions } from '../options.ts';

export type HttpServer = Server | TlsServer;

export function httpServer({ tls }: FakeExchangeOptions, listener: RequestListener): HttpServer {
  return tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
}

/** What follows `ws` or `http` in the URLs of the server. */
export function originAt(port: number, { tls, host }: FakeExchangeOptions): string {
  return `${tls === undefined ? '' : 's'}://${host === '::1' ? '[::1]' : LOOPBACK}:${String(port)}`;
}

export const LOOPBACK = '127.0.0.1';
