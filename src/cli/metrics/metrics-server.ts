import { createServer, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** What is served: each page by its path. */
export type Pages = Readonly<Record<string, () => Page | Promise<Page>>>;

export interface Page {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

export interface ListeningAt {
  readonly host: string;
  readonly port: number;
}

/**
 * A server of pages that are made anew for each request.
 *
 * @returns rejects with an error that says what to do where the address is taken or is none of this machine
 */
export async function servePages(pages: Pages, { host, port }: ListeningAt): Promise<Server> {
  const server = createServer((request, response) => {
    void answer(pages, `${request.method ?? ''} ${request.url ?? ''}`, response);
  });
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new Error(`cannot serve metrics on ${host} port ${port}: ${reasonOf(error)}`, { cause: error });
  }
  return server;
}

/** `http://127.0.0.1:9464` */
export function urlOf(server: Server): string {
  const { address, port, family } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

/** Ends with its connections, also those that wait for the next request. */
export function stop(server: Server): void {
  server.close();
  server.closeAllConnections();
}

async function answer(pages: Pages, asked: string, response: ServerResponse): Promise<void> {
  const [, method, path = ''] = /^(\S+) ([^?]*)/.exec(asked) ?? [];
  const make = Object.hasOwn(pages, path) ? pages[path] : undefined;
  const page = make === undefined ? notFound(pages) : method === 'GET' || method === 'HEAD' ? await made(make) : NOT_SO;
  response.writeHead(page.status, { 'content-type': page.type, 'cache-control': 'no-store' });
  response.end(method === 'HEAD' ? undefined : page.body);
}

/** A page that cannot be made is no reason to stop recording. */
async function made(make: () => Page | Promise<Page>): Promise<Page> {
  try {
    return await make();
  } catch (error) {
    return text(500, error instanceof Error ? error.message : String(error));
  }
}

const NOT_SO = text(405, 'only GET');

function notFound(pages: Pages): Page {
  return text(404, `there is ${Object.keys(pages).join(' and ')}`);
}

function text(status: number, body: string): Page {
  return { status, type: 'text/plain; charset=utf-8', body: `${body}\n` };
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return 'another program uses it; choose another --metrics-port';
  if (code === 'EACCES') return 'not allowed; choose a --metrics-port above 1023';
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `${message}; --metrics-host must be one of this machine's`;
  return message;
}
