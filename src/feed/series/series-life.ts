import type { EpochMs } from '../../core/candle.ts';
import type { SymbolList } from '../rest/symbol-list.ts';

export interface LifeListener {
  /** It is listed, or the list cannot be read and is checked later: its past may be read. */
  onPastReadable(): void;
  /** Not in the list, and never was while we looked. */
  onUnknown(): void;
  /** It has stopped for good; `wasTrading` tells whether it did so while we watched. Told once. */
  onEnded(end: { status: string; deliveryTime: EpochMs | null; wasTrading: boolean }): void;
}

/** Holds one symbol against the exchange's list, as often as the list is read. */
export class SeriesLife {
  readonly #symbol: string;
  readonly #symbols: SymbolList;
  readonly #listener: LifeListener;
  #phase: 'unsure' | 'trading' | 'over' = 'unsure';

  constructor(symbol: string, symbols: SymbolList, listener: LifeListener) {
    this.#symbol = symbol;
    this.#symbols = symbols;
    this.#listener = listener;
  }

  get isTrading(): boolean {
    return this.#phase === 'trading';
  }

  /** @param asOf - local time of the question */
  check(asOf: number): void {
    if (this.#phase === 'over') return;
    const verdict = this.#symbols.verdictOn(this.#symbol, asOf);
    if (verdict.kind === 'unlisted') this.#unlisted();
    else if (verdict.kind === 'listed' && verdict.info.phase === 'ended')
      this.#over(verdict.info.status, verdict.info.deliveryTime);
    else if (verdict.kind === 'listed') this.#trading();
    else if (this.#symbols.isFailing) this.#listener.onPastReadable();
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
    this.#listener.onEnded({ status, deliveryTime, wasTrading });
  }
}
