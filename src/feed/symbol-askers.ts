import { FeedClosedError, GeoBlockedError, type FeedError } from '../core/errors.ts';
import type { SymbolInfo } from '../ports/symbol-info.ts';
import { FRESH_MS, type SymbolList } from './rest/symbol-list.ts';

interface Asker {
  readonly resolve: (symbols: readonly SymbolInfo[]) => void;
  readonly reject: (error: FeedError) => void;
}

/** Pending requests for the symbol list itself. */
export class SymbolAskers {
  readonly #symbols: SymbolList;
  readonly #restUrl: string;
  #waiting: readonly Asker[] = [];

  constructor(symbols: SymbolList, restUrl: string) {
    this.#symbols = symbols;
    this.#restUrl = restUrl;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Resolves once the list has been read, with retries; rejects with GeoBlockedError if this location is refused. */
  ask(): Promise<readonly SymbolInfo[]> {
    const fresh = this.#symbols.youngerThan(FRESH_MS);
    if (fresh !== undefined) return Promise.resolve(fresh);
    return new Promise((resolve, reject) => {
      this.#waiting = [...this.#waiting, { resolve, reject }];
      this.#symbols.refresh(FRESH_MS);
    });
  }

  /** The list has been read, or could not be. */
  onRead(): void {
    const { failure } = this.#symbols;
    const fresh = failure === undefined ? this.#symbols.youngerThan(FRESH_MS) : undefined;
    if (fresh !== undefined) for (const { resolve } of this.#leave()) resolve(fresh);
    else if (this.#symbols.isGeoBlocked)
      for (const { reject } of this.#leave()) reject(new GeoBlockedError(this.#restUrl));
  }

  close(): void {
    for (const { reject } of this.#leave()) reject(new FeedClosedError());
  }

  #leave(): readonly Asker[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }
}
