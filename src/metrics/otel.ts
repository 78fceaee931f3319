/* eslint-disable rxjs-x/finnish -- an observable of OpenTelemetry is an instrument */
import { metrics, type BatchObservableCallback, type Meter, type Observable as Instrument } from '@opentelemetry/api';
import { Subscription } from 'rxjs';
import { DelayReader } from './delay-reader.ts';
import { metricsOf, type BoundDelay, type BoundFigure, type MetricsOptions, type Observed } from './sources.ts';

export type { LogFigures, MetricsOptions, Observed, ObservedFeed, RecordFigures } from './sources.ts';

/**
 * The figures of a feed, or of a log, as instruments of OpenTelemetry. They are read when the application's SDK collects them; without
 * an SDK, never. Durations are told at the mean of their bucket: counts and sums are exact, the least and the greatest are not.
 *
 * @param observed - a feed, or the `LogCounts` of a log, to which the options do not apply
 * @param meter - default: `metrics.getMeter('rx-candles')` of the global provider
 * @returns unsubscribing ends it; feed and log are left as they are
 */
export function instrument(
  observed: Observed,
  meter: Meter = metrics.getMeter('rx-candles'),
  options: MetricsOptions = {},
): Subscription {
  const bound = metricsOf(observed, options);
  const figures = bound.flatMap((metric) => (metric.kind === 'histogram' ? [] : [observable(meter, metric)]));
  const delays = bound.flatMap((metric) => (metric.kind === 'histogram' ? [recorder(meter, metric)] : []));
  const instruments = figures.map(({ instrument: one }) => one);
  const collect: BatchObservableCallback = (result) => {
    for (const { instrument: one, read } of figures)
      for (const { value, attributes } of read()) result.observe(one, value, attributes);
    for (const record of delays) record();
  };
  meter.addBatchObservableCallback(collect, instruments);
  return new Subscription(() => {
    meter.removeBatchObservableCallback(collect, instruments);
  });
}

function observable(meter: Meter, { kind, name, help: description, unit, read }: BoundFigure) {
  const options = { description, unit };
  const made: Instrument =
    kind === 'counter' ? meter.createObservableCounter(name, options) : meter.createObservableGauge(name, options);
  return { instrument: made, read };
}

/** Records what has come since it was last called. */
function recorder(meter: Meter, { name, help: description, unit, boundsMs, read }: BoundDelay): () => void {
  const advice = { explicitBucketBoundaries: boundsMs.map((ms) => ms / 1000) };
  const histogram = meter.createHistogram(name, { description, unit, advice });
  const reader = new DelayReader();
  return () => {
    const now = read();
    if (now === undefined) return;
    for (const { seconds, times } of reader.take(now.delays))
      for (let count = 0; count < times; count += 1) histogram.record(seconds, now.attributes);
  };
}
