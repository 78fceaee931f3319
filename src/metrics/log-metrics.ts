import type { CandleSource } from '../core/candle.ts';
import { CLOSE_BOUNDS_MS, type DelayHistogram } from '../core/delay-histogram.ts';
import { each, one, type Metric } from './metric.ts';

type Counts = Readonly<Record<string, number>>;

/** What is put into a log and read out of it; `LogCounts` of `rx-candles/nats` counts it. */
export interface LogFigures {
  /** Of the log. */
  readonly name: string;
  readonly link: { readonly connections: number; readonly failures: number; readonly reconnects: number };
  readonly feeding: {
    readonly appended: Readonly<Record<'stored' | 'already', number>>;
    readonly conflicts: Counts;
    readonly waiting: number;
    readonly oldest: { readonly waitedMs: number } | undefined;
    readonly delays: DelayHistogram;
  };
  readonly reading: {
    readonly read: Readonly<Record<CandleSource, number>>;
    readonly repairs: Counts;
    readonly readers: Counts;
    readonly latestMs: number;
    readonly delays: DelayHistogram;
  };
  readonly errors: Counts;
}

/** What feeders and readers of a log tell of themselves. */
export const LOG_METRICS: readonly Metric<LogFigures>[] = [
  {
    kind: 'gauge', name: 'rx_candles.log.connection.count', unit: '{connection}',
    help: 'Connections to the log: 1 while it can be reached, 0 while it cannot.',
    ...one(({ link }) => link.connections),
  },
  {
    kind: 'counter', name: 'rx_candles.log.connection.reconnects', unit: '{reconnect}',
    help: 'Times that the log was reached again.',
    ...one(({ link }) => link.reconnects),
  },
  {
    kind: 'counter', name: 'rx_candles.log.connection.failures', unit: '{attempt}',
    help: 'Attempts to reach the log that failed.',
    ...one(({ link }) => link.failures),
  },
  {
    kind: 'counter', name: 'rx_candles.log.appended', unit: '{candle}',
    help: 'Candles of a feeder that the log has: stored by it, or already there.',
    ...each('outcome', ({ feeding }) => feeding.appended),
  },
  {
    kind: 'counter', name: 'rx_candles.log.conflicts', unit: '{conflict}',
    help: 'Times that a feeder took a series up again from the end of the log.',
    ...each('reason', ({ feeding }) => feeding.conflicts),
  },
  {
    kind: 'gauge', name: 'rx_candles.log.waiting', unit: '{candle}',
    help: 'Candles of a feeder that wait to be stored.',
    ...one(({ feeding }) => feeding.waiting),
  },
  {
    kind: 'gauge', name: 'rx_candles.log.lag', unit: 's',
    help: 'How long the candle that has waited longest waits to be stored.',
    ...one(({ feeding }) => (feeding.oldest?.waitedMs ?? 0) / 1000),
  },
  {
    kind: 'histogram', name: 'rx_candles.log.append.delay', unit: 's',
    help: 'From the delivery of a candle to a feeder until the log had it.',
    boundsMs: CLOSE_BOUNDS_MS,
    read: ({ feeding }) => feeding.delays,
  },
  {
    kind: 'counter', name: 'rx_candles.log.read', unit: '{candle}',
    help: 'Candles delivered to readers.',
    ...each('source', ({ reading }) => reading.read),
  },
  {
    kind: 'histogram', name: 'rx_candles.log.read.delay', unit: 's',
    help: "From a candle's close to its reader, by this machine's clock; live candles only.",
    boundsMs: CLOSE_BOUNDS_MS,
    read: ({ reading }) => reading.delays,
  },
  {
    kind: 'gauge', name: 'rx_candles.log.readers', unit: '{reader}',
    help: 'Readers, by whether they have come to the end of the log.',
    ...each('state', ({ reading }) => reading.readers),
  },
  {
    kind: 'counter', name: 'rx_candles.log.repairs', unit: '{repair}',
    help: 'Times that a reader began again behind its last candle.',
    ...each('reason', ({ reading }) => reading.repairs),
  },
  {
    kind: 'gauge', name: 'rx_candles.log.lateness.max', unit: 's',
    help: 'Of the series that are read: how long the next candle has been over of the one that is most overdue.',
    ...one(({ reading }) => reading.latestMs / 1000),
  },
  {
    kind: 'counter', name: 'rx_candles.log.errors', unit: '{error}',
    help: 'Errors that ended a feeder or a reader.',
    ...each('reason', ({ errors }) => errors),
  },
]; // prettier-ignore
