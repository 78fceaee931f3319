import { Counter, Gauge, Histogram } from 'prom-client';
import type { Subscription } from 'rxjs';
import { Registration, type AnyRegistry } from './registration.ts';
import type { MetricsOptions, Observed } from './sources.ts';

export type { LogFigures, MetricsOptions, Observed, ObservedFeed, RecordFigures } from './sources.ts';

const REGISTRATIONS = new WeakMap<AnyRegistry, Registration>();

/**
 * The figures of a feed, or of a log, as metrics of prom-client, read when the register is. Feeds of different venues and
 * logs of different names may share a register. Durations are told at the mean of their bucket: counts and sums are exact.
 *
 * @param observed - a feed, or the `LogCounts` of a log, to which the options do not apply
 * @returns unsubscribing takes them out of the register; feed and log are left as they are
 * @throws ConfigError for a second feed of one venue, or log of one name, on the same register
 */
export function registerMetrics(observed: Observed, register: AnyRegistry, options: MetricsOptions = {}): Subscription {
  const known = REGISTRATIONS.get(register) ?? new Registration({ Counter, Gauge, Histogram }, register);
  REGISTRATIONS.set(register, known);
  return known.add(observed, options);
}
