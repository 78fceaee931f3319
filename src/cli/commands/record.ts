import { Argument, type Command } from 'commander';
import { tap } from 'rxjs';
import { VENUE_IDS } from '../../configuration.ts';
import { createFeed, type Interval } from '../../index.ts';
import { openStore, record, RecordCounts } from '../../store/index.ts';
import { addIntervals, addSymbols, toAmount } from '../arguments.ts';
import { withExamples } from '../examples.ts';
import { addFeedOptions, feedOptionsOf, TIRELESS, type FeedArguments } from '../feed-options.ts';
import { addMetricsOptions, type MetricsArguments } from '../metrics/metrics-options.ts';
import { serveMetrics } from '../metrics/serve-metrics.ts';
import { sayingEachMinute } from '../minute-lines.ts';
import { RecordTally } from '../record-tally.ts';
import { linesOn } from '../screen.ts';
import type { Terminal } from '../terminal.ts';
import { willing } from '../willing.ts';

interface RecordOptions extends FeedArguments, MetricsArguments {
  readonly interval?: readonly Interval[];
  readonly store: string;
  readonly history?: number;
}

/** `rx-candles record`: closed candles into a store, until told to stop. */
export function addRecord(program: Command, terminal: Terminal): void {
  const command = program
    .command('record')
    .description(
      'store closed candles as they close; goes on where the store ends, and says once a minute what is stored',
    )
    .addArgument(new Argument('<symbols...>', 'e.g. BTCUSDT').argParser(addSymbols))
    .option(
      '-i, --interval <interval>',
      '1m, 5m, 1h …; repeatable, or a comma-separated list (default: 1m)',
      addIntervals,
    )
    .requiredOption('-s, --store <file>', 'the store; made where there is none')
    .option('--history <n>', 'begin a series of which nothing is stored with its last n closed candles', toAmount);
  withExamples(
    addMetricsOptions(addFeedOptions(command)),
    'rx-candles record BTCUSDT ETHUSDT --store candles.db',
    'rx-candles record BTCUSDT -i 1m,1h --history 1000 --store candles.db',
    'rx-candles record BTCUSDT --store candles.db --metrics-port 9464    # for Prometheus',
  ).action((symbols: readonly string[], options: RecordOptions) => recordAll(symbols, options, terminal));
}

async function recordAll(symbols: readonly string[], options: RecordOptions, terminal: Terminal): Promise<void> {
  const settings = await feedOptionsOf(options, TIRELESS);
  const { interval: intervals = ['1m'], history } = options;
  const venue = settings.venue ?? VENUE_IDS[0];
  const series = symbols.flatMap((symbol) => intervals.map((interval) => ({ venue, symbol, interval })));
  await using store = await openStore(options.store);
  await using feed = createFeed(settings);
  const tally = new RecordTally(series.length, feed);
  const counts = new RecordCounts();
  const serving = await serveMetrics({ feed, recorded: counts }, options, linesOn(terminal.err).say);
  const tell = (line: string): void => {
    terminal.err.write(`rx-candles: ${line}\n`);
    tally.leaveOut();
  };
  const recorded$ = record(willing(feed, series.length, tell), series, store, { history }).pipe(
    tap((recorded) => {
      tally.add(recorded);
      counts.add(recorded);
    }),
  );
  // What has come so far is still written: the feed completes its streams.
  const stopping = terminal.stop$.subscribe({ next: () => void feed.close(), error: () => void feed.close() });
  try {
    await sayingEachMinute(recorded$, () => tally.line(), terminal);
  } finally {
    stopping.unsubscribe();
    serving.unsubscribe();
  }
}
