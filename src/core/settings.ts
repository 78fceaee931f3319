import type { VenueId } from './candle.ts';
import type { ReconnectPolicy } from './backoff.ts';

/** loglevel's names, and `silent`. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** Everything a feed can be told that is plain data; `config.yaml` has the same names. */
export interface FeedSettings {
  /** Which exchange market. Default `binance-usdm`. */
  readonly venue?: VenueId;
  /** The test network's hosts, for stream and REST. Default false. */
  readonly testnet?: boolean;
  /** Optional: klines are public. Handed to ccxt, never logged. */
  readonly credentials?: { readonly apiKey: string; readonly apiSecret: string };
  /** `stream` is what `/stream` is appended to, `rest` is scheme and host. Default by venue. */
  readonly endpoints?: { readonly stream?: string; readonly rest?: string };
  readonly reconnect?: Partial<ReconnectPolicy>;
  /** How long after its close time a candle may come by itself before REST is asked, ms. Default 4000 futures, 2000 spot. */
  readonly graceMs?: number;
  /** How long after its close time a REST row may still change, ms. Default 2000 futures, 1000 spot. */
  readonly settleMs?: number;
  /** How long a connection may deliver no data before it is replaced, ms. Default 30000. */
  readonly silenceMs?: number;
  /** For one REST request, body included, ms. Default 5000. */
  readonly restTimeoutMs?: number;
  /** Age by which a connection has been replaced, ms. Default 23 h. */
  readonly rotateAfterMs?: number;
  /** Default `warn`. */
  readonly logLevel?: LogLevel;
}
