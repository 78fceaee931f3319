import type { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type * as PromClient from 'prom-client';
import { Subscription } from 'rxjs';
import { ConfigError } from '../core/errors.ts';
import { DelayReader } from './delay-reader.ts';
import { labelName, prometheusName } from './prometheus-name.ts';
import { metricsOf, statusOf } from './sources.ts';
import type { Attributes, BoundDelay, BoundFigure, BoundMetric, MetricsOptions, Observed } from './sources.ts';

/** What is used of the package `prom-client`. */
export type Client = Pick<typeof PromClient, 'Counter' | 'Gauge' | 'Histogram'>;
export type AnyRegistry = Registry<PromClient.RegistryContentType>;

/** One of prom-client's metrics, and the feeds that it is read from. */
interface Shared {
  readonly add: (metric: BoundMetric) => () => void;
  isUnused(): boolean;
}

/** The metrics of one register: several feeds, of different venues, share them, as do several logs. */
export class Registration {
  readonly #client: Client;
  readonly #register: AnyRegistry;
  readonly #known = new Set<string>();
  readonly #shared = new Map<string, Shared>();

  constructor(client: Client, register: AnyRegistry) {
    this.#client = client;
    this.#register = register;
  }

  /** @throws ConfigError for a second feed of one venue, or log of one name: their figures would have the same names */
  add(observed: Observed, options: MetricsOptions): Subscription {
    const who = 'status$' in observed ? `a feed of ${statusOf(observed)?.venue ?? ''}` : `a log ${observed.name}`;
    if (this.#known.has(who)) throw twice(who);
    this.#known.add(who);
    const taken = new Subscription(() => this.#known.delete(who));
    for (const metric of metricsOf(observed, options)) taken.add(this.#addMetric(metric));
    return taken;
  }

  #addMetric(metric: BoundMetric): () => void {
    const name = prometheusName(metric);
    const shared = this.#shared.get(name) ?? this.#create(name, metric);
    this.#shared.set(name, shared);
    const remove = shared.add(metric);
    return () => {
      remove();
      if (!shared.isUnused()) return;
      this.#shared.delete(name);
      this.#register.removeSingleMetric(name);
    };
  }

  #create(name: string, metric: BoundMetric): Shared {
    const about = { name, help: metric.help, registers: [this.#register] };
    return metric.kind === 'histogram'
      ? sharedDelay(this.#client, about, metric)
      : sharedFigure(this.#client, about, metric);
  }
}

interface About {
  readonly name: string;
  readonly help: string;
  readonly registers: AnyRegistry[];
}

/** A counter of prom-client can be set by beginning anew. */
function sharedFigure(client: Client, about: About, { kind, owner, by }: BoundFigure): Shared {
  const readers = new Set<BoundMetric>();
  const config = {
    ...about,
    labelNames: [owner, ...by].map(labelName),
    collect: () => {
      metric.reset();
      for (const reader of readers) if (reader.kind !== 'histogram') tell(metric, reader);
    },
  };
  const metric: Counter | Gauge = kind === 'counter' ? new client.Counter(config) : new client.Gauge(config);
  return sharedBy(readers);
}

function tell(metric: Counter | Gauge, { read }: BoundFigure): void {
  for (const { value, attributes } of read()) metric.inc(labelsOf(attributes), value);
}

function sharedDelay(client: Client, about: About, { owner, boundsMs }: BoundDelay): Shared {
  const readers = new Map<BoundMetric, () => void>();
  const metric: Histogram = new client.Histogram({
    ...about,
    labelNames: [labelName(owner)],
    buckets: boundsMs.map((ms) => ms / 1000),
    collect: () => {
      for (const observe of readers.values()) observe();
    },
  });
  return {
    isUnused: () => readers.size === 0,
    add: (added) => {
      if (added.kind === 'histogram') readers.set(added, observer(metric, added));
      return () => readers.delete(added);
    },
  };
}

/** Observes what has come since it was last called. */
function observer(metric: Histogram, { read }: BoundDelay): () => void {
  const reader = new DelayReader();
  return () => {
    const now = read();
    if (now === undefined) return;
    const labels = labelsOf(now.attributes);
    for (const { seconds, times } of reader.take(now.delays))
      for (let count = 0; count < times; count += 1) metric.observe(labels, seconds);
  };
}

function sharedBy(readers: Set<BoundMetric>): Shared {
  return {
    isUnused: () => readers.size === 0,
    add: (added) => {
      readers.add(added);
      return () => readers.delete(added);
    },
  };
}

function labelsOf(attributes: Attributes): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [labelName(name), value]));
}

function twice(who: string): ConfigError {
  return new ConfigError([`register: has the metrics of ${who} already; give the other a register of its own`]);
}
