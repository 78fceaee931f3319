import type { CandleSource } from '../core/candle.ts';
import { CLOSE_BOUNDS_MS, type DelayHistogram } from '../core/delay-histogram.ts';
import { each, one, type Metric } from './metric.ts';

/** What has been stored so far; `RecordCounts` of `rx-candles/store` counts it. */
export interface RecordFigures {
  readonly candles: Readonly<Record<CandleSource, number>>;
  readonly gaps: number;
  readonly revised: number;
  readonly lagMs: DelayHistogram;
}

/** What `record` tells of itself. */
export const STORE_METRICS: readonly Metric<RecordFigures>[] = [
  {
    kind: 'counter', name: 'rx_candles.store.candles', unit: '{candle}',
    help: 'Candles that have become durable.',
    ...each('source', ({ candles }) => candles),
  },
  {
    kind: 'counter', name: 'rx_candles.store.gaps', unit: '{gap}',
    help: 'Ranges stored as missing at the exchange.',
    ...one(({ gaps }) => gaps),
  },
  {
    kind: 'counter', name: 'rx_candles.store.revised', unit: '{candle}',
    help: 'Candles that came again with other values than those stored.',
    ...one(({ revised }) => revised),
  },
  {
    kind: 'histogram', name: 'rx_candles.store.write.delay', unit: 's',
    help: 'From the arrival of the first candle of a batch to the batch being durable.',
    boundsMs: CLOSE_BOUNDS_MS,
    read: ({ lagMs }) => lagMs,
  },
]; // prettier-ignore
