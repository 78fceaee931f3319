import type { Observable } from 'rxjs';
import { LatestRequest } from './latest-request.ts';
import type { EpochMs } from '../../core/candle.ts';
import type { SymbolInfo } from '../../ports/symbol-info.ts';
import type { SymbolList } from '../rest/symbol-list.ts';

export type SymbolPhase = 'unsure' | 'trading' | 'over';

/** Somebody whose symbol is checked. */
export interface SymbolStatusListener {
  readonly symbol: string;
  /** Kept by the monitor: `unsure` at first. */
  symbolPhase: SymbolPhase;
  /** It is listed, or the list cannot be read and is checked later: its past may be read. */
  onPastReadable(): void;
  /** Not in the list, and never was while we looked. */
  onUnknown(): void;
  /** It has stopped for good; `wasTrading` tells whether it traded before while we watched. Called once. */
  onEnded(end: { status: string; deliveryTime: EpochMs | null; wasTrading: boolean }): void;
  /** A bug of ours. */
  onBug(bug: unknown): void;
}

/** What the monitor asks. */
export interface SymbolStatusOptions {
  readonly symbols: SymbolList;
  /** As `Connector` says. */
  readonly longestPauseMs: number;
  /** undefined while it is not known. */
  exchangeNow(): EpochMs | undefined;
  /** When the symbol's last candle closed, with certainty if that was before `since`; -Infinity when it never had one. */
  lastCloseSince$(symbol: string, since: EpochMs): Observable<EpochMs>;
}

/** A status that says only that the symbol is paused or has ended. */
interface Doubt {
  status: string;
  readonly request: LatestRequest;
  /** Exchange time up to which the symbol counts as paused. */
  pausedUntil: EpochMs;
}

/** Checks the symbols of a feed's series against the exchange's list, each time the list is read. */
export class SymbolStatusMonitor {
  readonly #options: SymbolStatusOptions;
  readonly #doubts = new Map<SymbolStatusListener, Doubt>();

  constructor(options: SymbolStatusOptions) {
    this.#options = options;
  }

  /** @param asOf - local time of the question */
  check(listener: SymbolStatusListener, asOf: number): void {
    if (listener.symbolPhase === 'over') return;
    const { symbols } = this.#options;
    const verdict = symbols.verdictOn(listener.symbol, asOf);
    if (verdict.kind === 'unlisted') this.#unlisted(listener);
    else if (verdict.kind === 'listed') this.#listed(listener, verdict.info);
    else if (symbols.isFailing) listener.onPastReadable();
  }

  /** The exchange's time has become known, or has changed. */
  clockMoved(listener: SymbolStatusListener): void {
    const doubt = this.#doubts.get(listener);
    if (doubt !== undefined) this.#judge(listener, doubt);
  }

  /** The listener has gone. */
  stop(listener: SymbolStatusListener): void {
    this.#doubts.get(listener)?.request.drop();
    this.#doubts.delete(listener);
  }

  #listed(listener: SymbolStatusListener, { phase, status, deliveryTime }: SymbolInfo): void {
    if (phase === 'paused or ended') {
      this.#judge(listener, this.#doubt(listener, status));
      return;
    }
    this.stop(listener);
    if (phase === 'ended') this.#over(listener, status, deliveryTime);
    else this.#trading(listener);
  }

  #doubt(listener: SymbolStatusListener, status: string): Doubt {
    const doubt = this.#doubts.get(listener) ?? { status, request: new LatestRequest(), pausedUntil: -Infinity };
    doubt.status = status;
    this.#doubts.set(listener, doubt);
    return doubt;
  }

  /** Decides by the age of the last candle; asked again when that may have become too old. */
  #judge(listener: SymbolStatusListener, doubt: Doubt): void {
    const { status, request, pausedUntil } = doubt;
    const { longestPauseMs } = this.#options;
    const now = this.#options.exchangeNow();
    if (now === undefined || now < pausedUntil || request.isOpen || listener.symbolPhase === 'over') return;
    const judge = (lastClose: EpochMs): void => {
      const hasEnded = lastClose > -Infinity && lastClose < now - longestPauseMs;
      doubt.pausedUntil = (lastClose === -Infinity ? now : lastClose) + longestPauseMs;
      if (hasEnded) this.#over(listener, status, null);
      else this.#trading(listener);
    };
    request.ask(this.#options.lastCloseSince$(listener.symbol, now - longestPauseMs), judge, listener);
  }

  #trading(listener: SymbolStatusListener): void {
    if (listener.symbolPhase === 'trading') return;
    listener.symbolPhase = 'trading';
    listener.onPastReadable();
  }

  #unlisted(listener: SymbolStatusListener): void {
    if (listener.symbolPhase === 'trading') this.#over(listener, 'delisted', null);
    else listener.onUnknown();
  }

  #over(listener: SymbolStatusListener, status: string, deliveryTime: EpochMs | null): void {
    const wasTrading = listener.symbolPhase === 'trading';
    listener.symbolPhase = 'over';
    this.stop(listener);
    listener.onEnded({ status, deliveryTime, wasTrading });
  }
}
