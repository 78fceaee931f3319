/** Where a venue lives. `stream` is what the venue's path is appended to; `rest` is scheme and host, and may have a path. */
export interface Endpoints {
  readonly stream: string;
  readonly rest: string;
  /** Sent with every request over REST: how OKX's demo is asked for. */
  readonly restHeaders?: Readonly<Record<string, string>>;
}
