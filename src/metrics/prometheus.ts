import { Counter, Gauge, Histogram } from 'prom-client';
import type { Subscription } from 'rxjs';
import { Registration, type AnyRegistry } from './registration.ts';
import type { MetricsOptions, ObservedFeed } from './sources.ts';

export type { MetricsOptions, ObservedFeed, RecordFigures } from './sources.ts';

const REGISTRATIONS = new WeakMap<AnyRegistry, Registration>();

/**
 * The figures of a feed as metrics of prom-client, read when the register is. Feeds of different venues may share a
 * register. Durations are told at the mean of their bucket: counts and sums are exact.
 *
 * @returns unsubscribing takes them out of the register; the feed is left as it is
 * @throws ConfigError for a second feed of one venue on the same register
 */
export function registerMetrics(feed: ObservedFeed, register: AnyRegistry, options: MetricsOptions = {}): Subscription {
  const known = REGISTRATIONS.get(register) ?? new Registration({ Counter, Gauge, Histogram }, register);
  REGISTRATIONS.set(register, known);
  return known.add(feed, options);
}
