import { merge, type Observable, type Subscription } from 'rxjs';
import type { EventOf } from '../core/events.ts';
import { reasonedParts, type Gap, type ReasonedGap } from '../core/gap.ts';
import type { CandleSeries } from '../ports/candle-store.ts';

/** The part of an `EventBus` that says why candles are missing. */
export interface MissingEvents {
  on<T extends 'CANDLE_MISSING' | 'HISTORY_TRUNCATED'>(type: T): Observable<EventOf<T>>;
}

/**
 * Why the gaps of one series are there, as far as the bus says it: once for each range, before the candle behind it comes.
 * What it said to somebody else before this began is not known.
 */
export class GapReasons {
  readonly #series: CandleSeries;
  readonly #listening: Subscription | undefined;
  #said: readonly ReasonedGap[] = [];

  constructor(series: CandleSeries, bus: MissingEvents | undefined) {
    this.#series = series;
    if (bus === undefined) return;
    // eslint-disable-next-line rxjs-x/no-ignored-error -- a bus never errors
    this.#listening = merge(bus.on('CANDLE_MISSING'), bus.on('HISTORY_TRUNCATED')).subscribe((event) => {
      this.#hear(event);
    });
  }

  /** The parts of a gap, in rising order. What lies before its end is forgotten. */
  of(gap: Gap): readonly ReasonedGap[] {
    const parts = reasonedParts(gap, this.#said, this.#series.interval);
    this.#said = this.#said.filter(({ to }) => to > gap.to);
    return parts;
  }

  stop(): void {
    this.#listening?.unsubscribe();
  }

  #hear(event: EventOf<'CANDLE_MISSING' | 'HISTORY_TRUNCATED'>): void {
    const { venue, symbol, interval, from, to } = event;
    const own = this.#series;
    if (venue !== own.venue || symbol !== own.symbol || interval !== own.interval) return;
    const reason = event.type === 'CANDLE_MISSING' ? event.reason : 'truncated';
    this.#said = [...this.#said, { from, to, reason }];
  }
}
