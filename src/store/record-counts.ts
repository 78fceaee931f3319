import type { CandleSource } from '../core/candle.ts';
import { CLOSE_BOUNDS_MS, DelayCounter, type DelayHistogram } from '../core/delay-histogram.ts';
import type { Recorded } from './record.ts';

/**
 * What `record` has made durable so far, for metrics: `record(…).pipe(tap((recorded) => counts.add(recorded)))`, and
 * `{ recorded: counts }` to `rx-candles/prometheus` or `rx-candles/otel`.
 */
export class RecordCounts {
  readonly candles: Record<CandleSource, number> = { stream: 0, backfill: 0, history: 0 };
  /** Ranges that the exchange lacks. */
  gaps = 0;
  /** Candles that came again with other values than those stored. */
  revised = 0;
  readonly #lags = new DelayCounter(CLOSE_BOUNDS_MS);

  add({ candles, gaps, revised, lagMs }: Recorded): void {
    for (const { source } of candles) this.candles[source] += 1;
    this.gaps += gaps.length;
    this.revised += revised.length;
    this.#lags.count(lagMs);
  }

  /** From the arrival of the first candle of a batch to the batch being durable, ms. */
  get lagMs(): DelayHistogram {
    return this.#lags.snapshot();
  }
}
