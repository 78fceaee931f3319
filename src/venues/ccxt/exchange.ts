/** Open time, open, high, low, close, volume; what could not be read is undefined or null (read in ccxt 4.5.84). */
export type CcxtRow = readonly (number | null | undefined)[];

/** What is used of one of ccxt's markets. */
export interface CcxtMarket {
  /** The unified symbol: `BTC/USDT:USDT`. */
  readonly symbol: string;
  /** The exchange's own: `BTCUSDT`. */
  readonly id?: string | null | undefined;
  readonly active?: boolean | null | undefined;
  readonly base?: string | null | undefined;
  readonly quote?: string | null | undefined;
  readonly created?: number | null | undefined;
  readonly expiry?: number | null | undefined;
  readonly precision?: { readonly price?: number | null; readonly amount?: number | null } | null | undefined;
}

/** One socket of ccxt's. */
export interface CcxtClient {
  readonly url: string;
  /** What ended it. */
  readonly error?: unknown;
  send: (message: unknown) => Promise<unknown>;
  /** The WebSocket, from the moment it connects. */
  readonly connection?: { terminate?(): void } | undefined;
}

/** What is used of ccxt's exchanges with sockets. ccxt's own types promise more than its answers hold. */
export interface CcxtExchange {
  readonly id: string;
  readonly has: Record<string, unknown>;
  readonly timeframes: Readonly<Record<string, unknown>> | undefined;
  readonly features: unknown;
  /** Least time between two requests of cost 1, ms. */
  readonly rateLimit: number;
  /** 4: precisions are steps, not numbers of decimals. */
  readonly precisionMode: number;
  readonly markets: Readonly<Record<string, CcxtMarket>> | undefined;
  /** Candles that the sockets have brought, by unified symbol and interval. */
  readonly ohlcvs: Readonly<Record<string, Readonly<Record<string, readonly CcxtRow[]>>>> | undefined;
  /** Sockets by URL. */
  readonly clients: Readonly<Record<string, CcxtClient>> | undefined;
  readonly options: Record<string, unknown>;
  readonly last_response_headers: Readonly<Record<string, unknown>> | undefined;
  /** Stands for `{hostname}` in its URLs. */
  readonly hostname?: string | undefined;
  urls: Record<string, unknown>;
  log: (...words: readonly unknown[]) => void;
  fetch: (...request: readonly unknown[]) => Promise<unknown>;
  /** The socket for a URL, a new one where there is none. */
  client: (url: string) => CcxtClient;
  onConnected: (client: CcxtClient) => void;
  onError: (client: CcxtClient, error: unknown) => void;
  onClose: (client: CcxtClient, event: unknown) => void;
  /** Options of the HTTP client: straight to the exchange, or through a proxy. */
  getDispatcherOptions: (isDirect?: boolean) => Readonly<Record<string, unknown>>;
  setSandboxMode(on: boolean): void;
  loadMarkets(reload?: boolean): Promise<unknown>;
  fetchTime(): Promise<unknown>;
  fetchOHLCV(symbol: string, interval: string, since?: number, limit?: number): Promise<readonly CcxtRow[]>;
  watchOHLCV(symbol: string, interval: string): Promise<readonly CcxtRow[]>;
  unWatchOHLCV(symbol: string, interval: string): Promise<unknown>;
  close(): Promise<unknown>;
}
