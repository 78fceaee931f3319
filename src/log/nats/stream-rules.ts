/** How the stream is made where there is none, and what is asked of one that is there. */
export interface StreamOptions {
  /** Candles kept of each series, the newest; `'all'` for as many as the disk holds. Default 100,000. */
  readonly keep?: number | 'all' | undefined;
  /** Servers of the cluster that keep a copy: 1, 3 or 5. Default 1. More than one needs nats-server 2.9.21 or later. */
  readonly replicas?: number | undefined;
}

/** The stream, as `ensureStream` left it. */
export interface StreamReport {
  readonly outcome: 'made' | 'found';
  readonly stream: string;
  /** Version of the server that answered. */
  readonly server: string;
  readonly keep: number | 'all';
  readonly replicas: number;
  readonly messages: number;
  readonly bytes: number;
}
