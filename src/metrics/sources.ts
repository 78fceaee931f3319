import { take, type Observable } from 'rxjs';
import type { DelayHistogram } from '../core/delay-histogram.ts';
import type { FeedStatus } from '../core/status.ts';
import { FEED_METRICS, SERIES_METRICS } from './feed-metrics.ts';
import type { Delay, Figure, Metric } from './metric.ts';
import { LOG_METRICS, type LogFigures } from './log-metrics.ts';
import { STORE_METRICS, type RecordFigures } from './store-metrics.ts';

export type { LogFigures, RecordFigures };

/** The member of a `Feed` that is needed here. */
export interface ObservedFeed {
  readonly status$: Observable<FeedStatus>;
}

/** What metrics are told of: a feed, or the `LogCounts` of a log. */
export type Observed = ObservedFeed | LogFigures;

/** What is told beside the figures of the feed. */
export interface MetricsOptions {
  /** Three figures for each series, named by symbol and interval; many series make many time series. Default false. */
  readonly perSeries?: boolean | undefined;
  /** What `record` has stored, as `RecordCounts` of `rx-candles/store` counts it. */
  readonly recorded?: RecordFigures | undefined;
}

export type Attributes = Readonly<Record<string, string>>;

export interface Sample {
  readonly value: number;
  readonly attributes: Attributes;
}

/** A metric that knows where its figures come from. */
export interface BoundFigure extends Omit<Figure<never>, 'read'> {
  readonly owner: Owner;
  readonly read: () => readonly Sample[];
}

export interface BoundDelay extends Omit<Delay<never>, 'read'> {
  readonly owner: Owner;
  readonly read: () => { readonly delays: DelayHistogram; readonly attributes: Attributes } | undefined;
}

export type BoundMetric = BoundFigure | BoundDelay;

/** The attribute that tells what figures are of. */
export type Owner = 'rx_candles.venue' | 'rx_candles.log';

/** Everything that is told, in the order of the tables. */
export function metricsOf(observed: Observed, options: MetricsOptions): readonly BoundMetric[] {
  if ('status$' in observed) return feedMetricsOf(observed, options);
  return LOG_METRICS.map((metric) =>
    bound(
      metric,
      () => observed,
      ownedBy('rx_candles.log', () => observed.name),
    ),
  );
}

function feedMetricsOf(feed: ObservedFeed, { perSeries = false, recorded }: MetricsOptions): readonly BoundMetric[] {
  const status = oncePerTurn(() => statusOf(feed));
  const venue = ownedBy('rx_candles.venue', () => status()?.venue ?? '');
  return [
    ...FEED_METRICS.map((metric) => bound(metric, status, venue)),
    ...(perSeries ? SERIES_METRICS.map((metric) => bound(metric, status, venue)) : []),
    ...(recorded === undefined ? [] : STORE_METRICS.map((metric) => bound(metric, () => recorded, venue))),
  ];
}

interface Owned {
  readonly owner: Owner;
  readonly attributes: () => Attributes;
}

function ownedBy(owner: Owner, nameOf: () => string): Owned {
  return { owner, attributes: () => ({ [owner]: nameOf() }) };
}

/** The status as it is now: `status$` begins with it. */
export function statusOf({ status$ }: ObservedFeed): FeedStatus | undefined {
  let now: FeedStatus | undefined;
  // What errors has nothing to tell.
  status$.pipe(take(1)).subscribe({ next: (status) => (now = status), error: () => undefined });
  return now;
}

function bound<S>(metric: Metric<S>, stateOf: () => S | undefined, { owner, attributes }: Owned): BoundMetric {
  if (metric.kind === 'histogram') {
    const { read, ...described } = metric;
    return {
      ...described,
      owner,
      read: () => mapped(stateOf(), (state) => ({ delays: read(state), attributes: attributes() })),
    };
  }
  const { read, ...described } = metric;
  const samples = (state: S): readonly Sample[] =>
    read(state).map(([value, ...values]) => {
      const own = metric.by.map((name, index) => [name, values[index] ?? '']);
      return { value, attributes: { ...attributes(), ...Object.fromEntries(own) } as Attributes };
    });
  return { ...described, owner, read: () => mapped(stateOf(), samples) ?? [] };
}

function mapped<S, T>(state: S | undefined, use: (state: S) => T): T | undefined {
  return state === undefined ? undefined : use(state);
}

/** Metrics that are collected together, without a pause between them, are read out of one status. */
function oncePerTurn<T>(read: () => T): () => T {
  let kept: { readonly value: T } | undefined;
  return () => {
    if (kept !== undefined) return kept.value;
    const { value } = (kept = { value: read() });
    queueMicrotask(() => (kept = undefined));
    return value;
  };
}
