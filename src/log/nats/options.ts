import type { TlsOptions } from '../../core/tls-options.ts';

/** Who we are to the server. */
export type NatsCredentials =
  | { readonly user: string; readonly password: string }
  | { readonly token: string }
  /** Contents of a `.creds` file (a JWT and the seed that belongs to it). */
  | { readonly creds: string | Uint8Array }
  /** Seed of an nkey, `SU…`. */
  | { readonly nkey: string };

export interface NatsLogOptions {
  /** `nats://host:4222`, or several servers of one cluster. Default `nats://127.0.0.1:4222`. */
  readonly servers?: string | readonly string[] | undefined;
  /** Name of the JetStream stream. Default `CANDLES`. Subjects begin with it in lower case: `candles.okx.BTC-USDT.1m`. */
  readonly stream?: string | undefined;
  readonly credentials?: NatsCredentials | undefined;
  /** As `FeedOptions.tls`. A server that asks for TLS gets it without. */
  readonly tls?: TlsOptions | undefined;
  /** Name of the connection, as the server's monitoring shows it. Default `rx-candles`. */
  readonly name?: string | undefined;
}
