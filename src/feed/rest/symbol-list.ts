import type { Observable, SchedulerLike, Subscription } from 'rxjs';
import { REST_RETRY, calculateBackoff } from '../../core/backoff.ts';
import { MarketDataError, type Reply } from '../../ports/market-data.ts';
import type { SymbolInfo } from '../../ports/symbol-info.ts';
import { after } from '../after.ts';
import { guardedObserver, type OnBug } from '../guarded.ts';
import { reasonOf, type Wait } from '../waits.ts';

export interface SymbolListOptions {
  readonly symbols$: () => Observable<Reply<readonly SymbolInfo[]>>;
  readonly scheduler: SchedulerLike;
  /** A list has been read, or could not be. */
  readonly onRead: () => void;
  /** A bug of ours, in reading or handling the list. */
  readonly onBug: OnBug;
  /** The list is being waited for. */
  readonly beginWait: () => Wait;
}

/** A list younger than this is not read again for `symbols()`, nor for a series that is subscribed to after a pause, ms. */
export const FRESH_MS = 60_000;
/** While nothing looks wrong the list is read this often, ms: statuses change a few times a day. */
const REFRESH_MS = 300_000;
/** One list without a symbol proves nothing; the second is requested after this, ms. */
const SECOND_LOOK_MS = 500;

/** A symbol's state according to the exchange's list. */
export type Verdict =
  | { readonly kind: 'not known yet' }
  /** In none of the last two lists. */
  | { readonly kind: 'unlisted' }
  | { readonly kind: 'listed'; readonly info: SymbolInfo };

/** The exchange's list of symbols, read when first needed and kept fresh while it is in use. */
export class SymbolList {
  readonly #options: SymbolListOptions;
  #current: ReadonlyMap<string, SymbolInfo> | undefined;
  #previous: ReadonlyMap<string, SymbolInfo> | undefined;
  #previousAt = -Infinity;
  #request: Subscription | undefined;
  #timer: Subscription | undefined;
  #failures = 0;
  #failure: unknown;
  #loadedAt = -Infinity;
  #wait: Wait | undefined;

  constructor(options: SymbolListOptions) {
    this.#options = options;
  }

  /** @param asOf - local time of the question; lists much older than it cannot say that a symbol is unknown */
  verdictOn(symbol: string, asOf: number): Verdict {
    const info = this.#current?.get(symbol);
    if (info !== undefined) return { kind: 'listed', info };
    if (this.#current === undefined) return { kind: 'not known yet' };
    const isFresh = (readAt: number) => readAt >= asOf - SECOND_LOOK_MS;
    if (isFresh(this.#previousAt) && this.#previous?.has(symbol) === false) return { kind: 'unlisted' };
    if (isFresh(this.#loadedAt)) this.#readAfter(SECOND_LOOK_MS);
    else this.#read();
    return { kind: 'not known yet' };
  }

  /** Symbols that may have candles to come; none while the list is not known. */
  get names(): readonly string[] {
    return [...(this.#current?.values() ?? [])].filter(({ phase }) => phase !== 'ended').map(({ symbol }) => symbol);
  }

  /** Whether the list says that a symbol may trade again, and does not now. */
  isPaused(symbol: string): boolean {
    const phase = this.#current?.get(symbol)?.phase;
    return phase === 'paused' || phase === 'paused or ended';
  }

  /** Whether the list has never been read although we tried. */
  get isFailing(): boolean {
    return this.#current === undefined && this.#failures > 0;
  }

  /** Why the last read failed; undefined if it did not. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Whether the exchange refuses this location. */
  get isGeoBlocked(): boolean {
    return this.#failure instanceof MarketDataError && this.#failure.failure === 'geo-blocked';
  }

  /** All of the list, unless it is as old as this, ms, or has never been read. */
  youngerThan(ageMs: number): readonly SymbolInfo[] | undefined {
    if (this.#options.scheduler.now() - this.#loadedAt >= ageMs) return undefined;
    return this.#current && [...this.#current.values()];
  }

  /** Reads the list again unless it is younger than `ageMs` or being read. */
  refresh(ageMs: number): void {
    if (this.#options.scheduler.now() - this.#loadedAt >= ageMs) this.#read();
  }

  /** The list is not needed for now. */
  pause(): void {
    this.#request?.unsubscribe();
    this.#request = undefined;
    this.#timer?.unsubscribe();
    this.#endWait();
  }

  #read(): void {
    if (this.#request !== undefined) return;
    this.#timer?.unsubscribe();
    this.#wait ??= this.#options.beginWait();
    const observer = {
      next: ({ value }: Reply<readonly SymbolInfo[]>) => {
        this.#took(value);
      },
      error: (error: unknown) => {
        this.#failed(error);
      },
      complete: () => undefined,
    };
    this.#request = this.#options.symbols$().subscribe(guardedObserver(observer, this.#options.onBug));
    if (this.#request.closed) this.#request = undefined;
  }

  #failed(error: unknown): void {
    this.#request = undefined;
    this.#failures += 1;
    this.#failure = error;
    this.#wait?.because(reasonOf(error));
    if (!(error instanceof MarketDataError)) this.#options.onBug(error);
    this.#options.onRead();
    this.#readAfter(calculateBackoff(REST_RETRY, this.#failures));
  }

  #took(symbols: readonly SymbolInfo[]): void {
    this.#request = undefined;
    this.#failures = 0;
    this.#failure = undefined;
    this.#endWait();
    this.#previousAt = this.#loadedAt;
    this.#loadedAt = this.#options.scheduler.now();
    this.#previous = this.#current;
    this.#current = new Map(symbols.map((info) => [info.symbol, info]));
    this.#readAfter(REFRESH_MS);
    this.#options.onRead();
  }

  #readAfter(delayMs: number): void {
    this.#timer?.unsubscribe();
    this.#timer = after(this.#options.scheduler, delayMs, () => {
      this.#read();
    });
  }

  #endWait(): void {
    this.#wait?.end();
    this.#wait = undefined;
  }
}
