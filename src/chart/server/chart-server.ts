import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Feed } from '../../index.ts';
import type { SeriesKey } from '../wire.ts';
import { pageFiles } from './page-files.ts';
import { answer, sendJson, type RouteContext } from './routes.ts';
import { SharedSeries } from './shared-series.ts';
import { refusalOf } from './visitor.ts';

/** Nobody else's machine reaches it. */
const LOOPBACK = '127.0.0.1';

export interface ChartOptions {
  readonly feed: Feed;
  /** What the page calls the market. */
  readonly venue: string;
  /** What a page shows that was asked for nothing else. */
  readonly series: readonly SeriesKey[];
  /** The folder of the page's files. */
  readonly folder: string;
  /** 0: any free one. */
  readonly port: number;
}

export interface ChartServer {
  readonly url: string;
  /** Ends all answers; the feed stays. */
  close(): Promise<void>;
}

/**
 * Serves the chart page on loopback. The feed connects to the exchange with the first page that is opened.
 *
 * @returns rejects where the port is taken
 */
export async function startChart(options: ChartOptions): Promise<ChartServer> {
  const { feed, venue, series, folder, port } = options;
  const context = { feed, shared: new SharedSeries(feed), about: { venue, series }, files: pageFiles(folder) };
  const server = createServer((request, response) => serve({ request, response }, context));
  await listen(server, port);
  return {
    url: `http://${LOOPBACK}:${portOf(server)}/`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Exchanged {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

function serve({ request, response }: Exchanged, context: RouteContext): void {
  const { headers, method = '', url = '/', socket } = request;
  const refusal = refusalOf(headers, socket.localPort ?? 0);
  if (refusal !== undefined) sendJson(response, 403, { code: 'REFUSED', message: refusal });
  else if (method !== 'GET' && method !== 'HEAD')
    sendJson(response, 405, { code: 'REFUSED', message: 'this server only shows' });
  else void answer({ url: new URL(url, 'http://chart'), request, response }, context);
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE';
      reject(isTaken ? new Error(`port ${port} is taken; choose another with --port, or leave it out`) : error);
    });
    server.listen(port, LOOPBACK, resolve);
  });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
