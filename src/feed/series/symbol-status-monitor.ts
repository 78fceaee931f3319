import type { Observable } from 'rxjs';
import { LatestRequest } from './latest-request.ts';
import type { EpochMs } from '../../core/candle.ts';
import type { SymbolInfo } from '../../ports/symbol-info.ts';
import type { SymbolList } from '../rest/symbol-list.ts';

export interface SymbolStatusListener {
  /** It is listed, or the list cannot be read and is checked later: its past may be read. */
  onPastReadable(): void;
  /** Not in the list, and never was while we looked. */
  onUnknown(): void;
  /** It has stopped for good; `wasTrading` tells whether it traded before while we watched. Called once. */
  onEnded(end: { status: string; deliveryTime: EpochMs | null; wasTrading: boolean }): void;
  /** A bug of ours. */
  onBug(bug: unknown): void;
}

/** What all monitors of a feed share. */
export interface SymbolStatusOptions {
  readonly symbols: SymbolList;
  /** As `Connector` says. */
  readonly longestPauseMs: number;
  /** undefined while it is not known. */
  exchangeNow(): EpochMs | undefined;
  /** When the symbol's last candle closed, with certainty if that was before `since`; -Infinity when it never had one. */
  lastCloseSince$(symbol: string, since: EpochMs): Observable<EpochMs>;
}

/** Checks one symbol against the exchange's list, each time the list is read. */
export class SymbolStatusMonitor {
  readonly #symbol: string;
  readonly #options: SymbolStatusOptions;
  readonly #listener: SymbolStatusListener;
  /** Made when the first question is asked, which most symbols never need. */
  #request: LatestRequest | undefined;
  #phase: 'unsure' | 'trading' | 'over' = 'unsure';
  /** The status that says only that the symbol is paused or has ended. */
  #doubtful: string | undefined;
  /** Exchange time up to which a doubtful symbol counts as paused; undefined where it is not known to be. */
  #pausedUntil: EpochMs | undefined;

  constructor(symbol: string, options: SymbolStatusOptions, listener: SymbolStatusListener) {
    this.#symbol = symbol;
    this.#options = options;
    this.#listener = listener;
  }

  get isTrading(): boolean {
    return this.#phase === 'trading';
  }

  /** @param asOf - local time of the question */
  check(asOf: number): void {
    if (this.#phase === 'over') return;
    const { symbols } = this.#options;
    const verdict = symbols.verdictOn(this.#symbol, asOf);
    if (verdict.kind === 'unlisted') this.#unlisted();
    else if (verdict.kind === 'listed') this.#listed(verdict.info);
    else if (symbols.isFailing) this.#listener.onPastReadable();
  }

  /** The exchange's time has become known, or has changed. */
  clockMoved(): void {
    if (this.#doubtful !== undefined) this.#judge(this.#doubtful);
  }

  stop(): void {
    this.#request?.drop();
  }

  #listed({ phase, status, deliveryTime }: SymbolInfo): void {
    this.#doubtful = phase === 'paused or ended' ? status : undefined;
    if (this.#doubtful !== undefined) {
      this.#judge(status);
      return;
    }
    this.#request?.drop();
    this.#pausedUntil = undefined;
    if (phase === 'ended') this.#over(status, deliveryTime);
    else this.#trading();
  }

  /** Decides by the age of the last candle; asked again when that may have become too old. */
  #judge(status: string): void {
    const { longestPauseMs } = this.#options;
    const now = this.#options.exchangeNow();
    if (now === undefined || now < (this.#pausedUntil ?? -Infinity) || this.#phase === 'over') return;
    this.#request ??= new LatestRequest();
    if (this.#request.isOpen) return;
    const judge = (lastClose: EpochMs): void => {
      const hasEnded = lastClose > -Infinity && lastClose < now - longestPauseMs;
      this.#pausedUntil = (lastClose === -Infinity ? now : lastClose) + longestPauseMs;
      if (hasEnded) this.#over(status, null);
      else this.#trading();
    };
    this.#request.ask(this.#options.lastCloseSince$(this.#symbol, now - longestPauseMs), judge, this.#listener);
  }

  #trading(): void {
    if (this.#phase === 'trading') return;
    this.#phase = 'trading';
    this.#listener.onPastReadable();
  }

  #unlisted(): void {
    if (this.#phase === 'trading') this.#over('delisted', null);
    else this.#listener.onUnknown();
  }

  #over(status: string, deliveryTime: EpochMs | null): void {
    const wasTrading = this.#phase === 'trading';
    this.#phase = 'over';
    this.#request?.drop();
    this.#listener.onEnded({ status, deliveryTime, wasTrading });
  }
}
