import { expect, it } from 'vitest';
import { filesIn, textOf } from './pages.ts';

/** What has no spec of its own path, file or folder, and the spec that shows it instead. */
const SHOWN_BY: Readonly<Record<string, string>> = {
  // Parts of one machine, which is shown from outside.
  'src/testing/': 'spec/testing/fake-exchange.spec.ts',
  'src/core/parquet-columns.ts': 'spec/store/files.spec.ts',
  'src/core/bucket.ts': 'spec/core/resample.spec.ts',
  'src/adapters/socket-end.ts': 'spec/adapters/socket.spec.ts',
  'src/venues/binance/frame-reader.ts': 'spec/venues/binance/kline-frame.spec.ts',
  'src/adapters/log-templates.ts': 'spec/adapters/log.spec.ts',
  'src/feed/series/timer-heap.ts': 'spec/feed/series/timer-queue.spec.ts',
  'src/feed/series/delivery.ts': 'spec/feed/series/series-subscriber.spec.ts',
  'src/core/holes.ts': 'spec/core/evidence.spec.ts',
  'src/core/series-pace.ts': 'spec/core/series-plan.spec.ts',
  'src/core/delay-histogram.ts': 'spec/feed/feed-stats.spec.ts',
  'src/feed/series/series-record.ts': 'spec/feed/live-status.spec.ts',
  'src/metrics/delay-reader.ts': 'spec/metrics/delay-reader.spec.ts',
  // One table, and two doors to it.
  'src/metrics/': 'spec/metrics/doors.spec.ts',
  'src/cli/metrics/': 'spec/cli/metrics/serve-metrics.spec.ts',
  'src/store/record-counts.ts': 'spec/cli/metrics/serve-metrics.spec.ts',
  'src/core/defaults.ts': 'spec/core/settings.spec.ts',
  'src/feed/live-status.ts': 'spec/feed/candle-feed.spec.ts',
  'src/feed/series/live-machine.ts': 'spec/feed/series/series.spec.ts',
  'src/feed/series/series-past.ts': 'spec/feed/series/subscriber-history.spec.ts',
  'src/feed/series/series-commands.ts': 'spec/feed/series/exactly-once.spec.ts',
  'src/feed/series/history-subscriber.ts': 'spec/feed/series/series-subscriber.spec.ts',
  'src/feed/series/candle-bus.ts': 'spec/promise/odd-rows.spec.ts',
  'src/feed/rest/frame-clock.ts': 'spec/feed/rest/feed-clock.spec.ts',
  'src/feed/rest/time-question.ts': 'spec/feed/rest/feed-clock.spec.ts',
  'src/feed/series/past-page.ts': 'spec/feed/series/last-rows.spec.ts',
  'src/feed/series/series-name.ts': 'spec/feed/series/series-registry.spec.ts',
  'src/feed/series/missing-ledger.ts': 'spec/feed/series/series-report.spec.ts',
  'src/adapters/ccxt/': 'spec/venues/ccxt/kraken.spec.ts',
  'src/venues/ccxt/': 'spec/venues/ccxt/venue.spec.ts',
  'src/ccxt-feed.ts': 'spec/venues/ccxt/kraken.spec.ts',
  'src/feed/upkeep.ts': 'spec/feed/candle-feed.spec.ts',
  'src/feed/connector-feed.ts': 'spec/feed/wiring.spec.ts',
  'src/feed/connection/': 'spec/feed/connection/connection-pool.spec.ts',
  'src/venues/bybit/candle.ts': 'spec/venues/bybit/decode.spec.ts',
  // Parts of one command, which is shown as its user sees it.
  'src/cli/completion/': 'spec/cli/commands/completion.spec.ts',
  'src/cli/history/': 'spec/cli/commands/history.spec.ts',
  'src/cli/doctor/': 'spec/cli/commands/doctor.spec.ts',
  'src/reach.ts': 'spec/cli/commands/doctor.spec.ts',
  'src/reach-answer.ts': 'spec/cli/commands/doctor.spec.ts',
  'src/ccxt-reach.ts': 'spec/cli/commands/doctor.spec.ts',
  'src/cli/live/': 'spec/cli/live/show.spec.ts',
  'src/cli/screen.ts': 'spec/cli/live/show.spec.ts',
  'src/cli/screen-feed.ts': 'spec/cli/commands/watch.spec.ts',
  'src/cli/feed-options.ts': 'spec/cli/commands/watch.spec.ts',
  'src/cli/symbol-table.ts': 'spec/cli/commands/symbols.spec.ts',
  'src/cli/demo-market.ts': 'spec/cli/commands/demo.spec.ts',
  'src/cli/grid.ts': 'spec/cli/table.spec.ts',
  'src/cli/due.ts': 'spec/cli/notices.spec.ts',
  'src/cli/examples.ts': 'spec/cli/program.spec.ts',
  'src/cli/chart-page.ts': 'spec/cli/commands/chart.spec.ts',
  // The page as its user sees it, and the arithmetic behind it.
  'src/chart/page/': 'spec/chart/page.spec.ts',
  'src/chart/marks.ts': 'spec/chart/wire.spec.ts',
  // The server as the page sees it.
  'src/chart/server/live-candles.ts': 'spec/chart/server/chart-server.spec.ts',
  'src/chart/server/shared-series.ts': 'spec/chart/server/chart-server.spec.ts',
  'src/chart/server/series-events.ts': 'spec/chart/server/chart-server.spec.ts',
  'src/chart/server/event-stream.ts': 'spec/chart/server/chart-server.spec.ts',
  'src/chart/server/routes.ts': 'spec/chart/server/chart-server.spec.ts',
  'src/chart/server/past.ts': 'spec/chart/server/chart-server.spec.ts',
  'src/chart/server/page-files.ts': 'spec/chart/server/chart-server.spec.ts',
  'src/chart/server/headers.ts': 'spec/chart/server/chart-server.spec.ts',
  'src/venues/gate/candle.ts': 'spec/venues/gate/decode.spec.ts',
  'src/venues/gate/topic.ts': 'spec/venues/gate/stream.spec.ts',
  // Parts of the commands about a store.
  'src/cli/commands/record.ts': 'spec/cli/commands/store.spec.ts',
  'src/cli/commands/replay.ts': 'spec/cli/commands/store.spec.ts',
  'src/cli/record-tally.ts': 'spec/cli/commands/store.spec.ts',
  'src/cli/store-': 'spec/cli/commands/store.spec.ts',
  'src/cli/stored-series.ts': 'spec/cli/commands/store.spec.ts',
  // Parts of the commands about a log.
  'src/cli/feed-tally.ts': 'spec/cli/commands/feed.spec.ts',
  'src/cli/lateness.ts': 'spec/cli/commands/feed.spec.ts',
  'src/cli/log-source.ts': 'spec/cli/commands/feed.spec.ts',
  'src/cli/minute-lines.ts': 'spec/cli/commands/feed.spec.ts',
  'src/cli/willing.ts': 'spec/cli/commands/feed.spec.ts',
  'src/cli/counted.ts': 'spec/cli/commands/store.spec.ts',
  'src/cli/exchange-source.ts': 'spec/cli/commands/watch.spec.ts',
  'src/core/unbroken.ts': 'spec/feed/rest/stored-market-data.spec.ts',
  'src/store/files/': 'spec/store/files.spec.ts',
  'src/store/merge-by-close.ts': 'spec/store/replay.spec.ts',
  'src/store/sqlite/': 'spec/store/open-store.spec.ts',
  'src/store/gap-reasons.ts': 'spec/store/record.spec.ts',
  'src/store/span.ts': 'spec/store/candle-store.spec.ts',
  'src/venues/series-key.ts': 'spec/store/candle-store.spec.ts',
  // Parts of the log, shown by what is fed and read.
  'src/log/append-decision.ts': 'spec/log/chain.spec.ts',
  'src/log/append-in-order.ts': 'spec/log/feed-to.spec.ts',
  'src/log/counts/': 'spec/log/log-counts.spec.ts',
  'src/log/log-health.ts': 'spec/log/log-counts.spec.ts',
  'src/log/follow.ts': 'spec/log/closed-candles-of.spec.ts',
  'src/log/history-mark.ts': 'spec/log/closed-candles-of.spec.ts',
  'src/log/read-position.ts': 'spec/log/closed-candles-of.spec.ts',
  'src/log/pattern.ts': 'spec/log/closed-candles-of.spec.ts',
  'src/log/nats/append.ts': 'spec/log/nats/nats-log.spec.ts',
  'src/log/nats/read.ts': 'spec/log/nats/nats-log.spec.ts',
  'src/log/nats/messages.ts': 'spec/log/nats/nats-log.spec.ts',
  'src/log/nats/session.ts': 'spec/log/nats/nats-log.spec.ts',
  'src/log/nats/link.ts': 'spec/log/nats/nats-log.spec.ts',
  'src/log/nats/ensure-stream.ts': 'spec/log/nats/nats-log.spec.ts',
  'src/log/nats/load.ts': 'spec/log/nats/options.spec.ts',
  'src/log/nats/failure.ts': 'spec/log/nats/options.spec.ts',
  'src/log/nats/start-time.ts': 'spec/log/nats/subject.spec.ts',
  'src/core/log-interrupted.ts': 'spec/log/memory-log.spec.ts',
  // Interfaces, and the plain errors they speak of.
  'src/ports/market-data.ts': 'spec/venues/binance/failure.spec.ts',
  'src/ports/session.ts': 'spec/adapters/socket.spec.ts',
};

/** True for a file that leaves nothing behind when compiled, or that only passes names on. */
function holdsNoCode(file: string): boolean {
  const statements = textOf(file).replace(/\/\*.*?\*\/|\/\/[^\n]*/gs, '');
  return !/^\s*(export )?(default |abstract |async )*(const|let|function|class|enum)\b/m.test(statements);
}

function specOf(file: string): string {
  const shown = Object.keys(SHOWN_BY).find((path) => file === path || (/[/-]$/.test(path) && file.startsWith(path)));
  return shown === undefined ? file.replace(/^src\/(.*)\.ts$/, 'spec/$1.spec.ts') : (SHOWN_BY[shown] ?? '');
}

it('has a spec for every source file, under the same path but for a few', () => {
  const specs = filesIn('spec', '.spec.ts');
  const lacking = filesIn('src', '.ts').filter((file) => !holdsNoCode(file) && !specs.includes(specOf(file)));
  expect(lacking).toEqual([]);
});

it('excuses nothing that is gone', () => {
  const files = filesIn('src', '.ts');
  expect(Object.keys(SHOWN_BY).filter((path) => !files.some((file) => file.startsWith(path)))).toEqual([]);
});
