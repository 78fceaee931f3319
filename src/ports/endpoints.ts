/** The hosts of a venue. `stream` is what the venue's path is appended to; `rest` is scheme and host, and may have a path. */
export interface Endpoints {
  readonly stream: string;
  readonly rest: string;
  /** Headers of every REST request; OKX's demo network is selected by one. */
  readonly restHeaders?: Readonly<Record<string, string>>;
}
