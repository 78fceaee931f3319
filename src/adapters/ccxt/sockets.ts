import { CLOSE_TIMEOUT_MS } from '../../core/defaults.ts';
import type { DisconnectReason } from '../../core/events.ts';
import type { CcxtClient, CcxtExchange } from '../../venues/ccxt/exchange.ts';
import { failureOf, isClosedByUs } from '../../venues/ccxt/failure.ts';
import type { CandleWatchOptions } from './watch-options.ts';

type SocketsOptions = Pick<CandleWatchOptions, 'exchange' | 'publish'>;

/** The sockets that ccxt opens: counted, published, and closed. */
export class CcxtSockets {
  readonly reconnects: Partial<Record<DisconnectReason, number>> = {};
  readonly #options: SocketsOptions;
  /** Open ones, by number. */
  readonly #open = new Map<CcxtClient, number>();
  #opened = 0;
  #closing: Promise<unknown> = Promise.resolve();

  constructor(options: SocketsOptions) {
    this.#options = options;
    this.#listen(options.exchange);
  }

  get open(): number {
    return this.#open.size;
  }

  closeAll(): void {
    const { exchange } = this.#options;
    const clients = Object.values(exchange.clients ?? {});
    const cut = setTimeout(() => {
      for (const { connection } of clients) connection?.terminate?.();
    }, CLOSE_TIMEOUT_MS);
    this.#closing = exchange
      .close()
      .catch(() => undefined)
      .finally(() => {
        clearTimeout(cut);
      });
  }

  async allClosed(): Promise<void> {
    await this.#closing;
  }

  /** ccxt calls `onConnected`, `onError` and `onClose` for each of its sockets. */
  #listen(exchange: CcxtExchange): void {
    const { client: clientFor, onConnected, onError, onClose } = exchange;
    exchange.client = (url) => {
      const known = exchange.clients?.[url];
      return known ?? withQuietSend(clientFor.call(exchange, url));
    };
    exchange.onConnected = (client) => {
      this.#connected(client);
      onConnected.call(exchange, client);
    };
    exchange.onError = (client, error) => {
      const reason = failureOf(error).failure === 'timeout' ? 'no pong' : 'closed by peer';
      this.#lost(client, isClosedByUs(error) ? 'no longer needed' : reason, failureOf(error).message);
      onError.call(exchange, client, error);
    };
    exchange.onClose = (client, event) => {
      this.#lost(client, isClosedByUs(client.error) ? 'no longer needed' : 'closed by peer');
      onClose.call(exchange, client, event);
    };
  }

  #connected(client: CcxtClient): void {
    this.#opened += 1;
    this.#open.set(client, this.#opened);
    this.#options.publish({ type: 'CONNECTED', connection: this.#opened, url: withoutQuery(client.url) });
  }

  #lost(client: CcxtClient, reason: DisconnectReason, detail?: string): void {
    const connection = this.#open.get(client);
    if (connection === undefined) return;
    this.#open.delete(client);
    if (reason !== 'no longer needed') this.reconnects[reason] = (this.reconnects[reason] ?? 0) + 1;
    this.#options.publish({ type: 'DISCONNECTED', connection, reason, ...(detail !== undefined && { detail }) });
  }
}

/** ccxt ignores the promise of `send`: if it rejected, as the socket breaks, that would end the process. */
function withQuietSend(client: CcxtClient): CcxtClient {
  const send = client.send.bind(client);
  client.send = (message) => {
    const sent = send(message);
    sent.catch(() => undefined);
    return sent;
  };
  return client;
}

/** The query may hold a token. */
const withoutQuery = (url: string): string => url.replace(/\?.*/, '');
