import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface ScriptedServer extends AsyncDisposable {
  readonly url: string;
  /** Every request so far. */
  readonly requests: readonly IncomingMessage[];
  /** Sockets that are open now. */
  readonly sockets: ReadonlySet<Socket>;
  /** What to do with the next requests. */
  answer: RequestListener;
}

/** A server on 127.0.0.1 that does what a spec tells it. */
export async function startScriptedServer(answer: RequestListener): Promise<ScriptedServer> {
  const requests: IncomingMessage[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    requests.push(request);
    scripted.answer(request, response);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const scripted: ScriptedServer = {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    requests,
    sockets,
    answer,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return scripted;
}

/** Answers every request with this. */
export function saying(status: number, body: string | Buffer, headers: Record<string, string> = {}): RequestListener {
  return (_request, response: ServerResponse) => response.writeHead(status, headers).end(body);
}
