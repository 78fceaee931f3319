import { Argument, type Command } from 'commander';
import { catchError, defer, EMPTY, switchMap, tap, throwError, type Observable } from 'rxjs';
import { VENUE_IDS } from '../../configuration.ts';
import { createFeed, isFeedError, type Feed, type Interval, type LogReason } from '../../index.ts';
import { feedTo, LogCounts, type NatsLog } from '../../log/nats/index.ts';
import { addIntervals, addSymbols, toAmount } from '../arguments.ts';
import { withExamples } from '../examples.ts';
import { addFeedOptions, feedOptionsOf, TIRELESS, type FeedArguments } from '../feed-options.ts';
import { FeedTally } from '../feed-tally.ts';
import { logNotices$ } from '../log-notices.ts';
import { addLogOptions, openLog, type LogArguments } from '../log-options.ts';
import { addMetricsOptions, type MetricsArguments } from '../metrics/metrics-options.ts';
import { serveMetrics } from '../metrics/serve-metrics.ts';
import { sayingEachMinute } from '../minute-lines.ts';
import { linesOn } from '../screen.ts';
import type { Terminal } from '../terminal.ts';
import { toTime } from '../time-argument.ts';
import { willing } from '../willing.ts';

interface FeedCommandOptions extends FeedArguments, LogArguments, MetricsArguments {
  readonly interval?: readonly Interval[];
  readonly history?: number;
  readonly since?: number;
}

/** What is on its way into the log may still get there after an interrupt, ms. */
const LEAVE_AFTER_MS = 3000;
/** The reason of a LogError. */
const CLOSED: LogReason = 'closed';

/** `rx-candles feed`: closed candles into a log, beside any number of other feeders, until told to stop. */
export function addFeed(program: Command, terminal: Terminal): void {
  const command = program
    .command('feed')
    .description('put closed candles into a log, each once however many feeders there are; goes on where the log ends')
    .addArgument(new Argument('<symbols...>', 'e.g. BTCUSDT').argParser(addSymbols))
    .option(
      '-i, --interval <interval>',
      '1m, 5m, 1h …; repeatable, or a comma-separated list (default: 1m)',
      addIntervals,
    )
    .option('--history <n>', 'begin a series of which the log has nothing with its last n closed candles', toAmount)
    .option('--since <time>', 'begin such a series after this ISO time (UTC) or ms', toTime);
  withExamples(
    addMetricsOptions(addFeedOptions(addLogOptions(command, 'the log: nats://host:4222 (required)'))),
    'rx-candles feed BTCUSDT ETHUSDT --nats nats://127.0.0.1:4222',
    'rx-candles feed BTCUSDT -i 1m,1h --history 1000 --nats tls://one:4222,tls://two:4222 --nats-creds feeder.creds',
  ).action((symbols: readonly string[], options: FeedCommandOptions) => {
    if (options.nats === undefined) command.error("error: required option '--nats <servers>' not specified");
    return feedAll(symbols, options, terminal);
  });
}

async function feedAll(symbols: readonly string[], options: FeedCommandOptions, terminal: Terminal): Promise<void> {
  const settings = await feedOptionsOf(options, TIRELESS);
  const { interval: intervals = ['1m'], history, since } = options;
  const venue = settings.venue ?? VENUE_IDS[0];
  const series = symbols.flatMap((symbol) => intervals.map((interval) => ({ venue, symbol, interval })));
  await using log = await openLog(options);
  const logged = new LogCounts(log, { name: options.natsStream });
  await using feed = createFeed(settings);
  const tally = new FeedTally(series.length, feed);
  const say = (line: string): void => void terminal.err.write(`rx-candles: ${line}\n`);
  const serving = await serveMetrics({ feed, logged }, options, linesOn(terminal.err).say);
  const source = willing(feed, series.length, (line) => {
    say(line);
    tally.leaveOut();
  });
  // eslint-disable-next-line rxjs-x/no-ignored-error -- the status of a log never errors
  const notices = logNotices$(log.status$).subscribe(say);
  const stopping = terminal.stop$.subscribe({ next: () => { leave(feed, log); }, error: () => { leave(feed, log); } }); // prettier-ignore
  const fed$ = defer(() => log.ensureStream()).pipe(
    tap(({ stream, server, outcome }) => {
      say(`${outcome === 'made' ? 'made' : 'found'} the stream ${stream} on nats-server ${server}`);
    }),
    switchMap(() => feedTo(log, source, series, { history, since, counts: logged })),
    tap((fed) => {
      tally.add(fed);
    }),
    catchError(unlessClosed$),
  );
  try {
    await sayingEachMinute(fed$, () => tally.line(), terminal);
  } finally {
    stopping.unsubscribe();
    notices.unsubscribe();
    serving.unsubscribe();
  }
}

/** The feed completes its streams; a log that is away is not waited for. */
function leave(feed: Feed, log: NatsLog): void {
  void feed.close();
  setTimeout(() => void log.close(), LEAVE_AFTER_MS).unref();
}

/** Whoever interrupts does not want to read that something was interrupted. */
function unlessClosed$(error: unknown): Observable<never> {
  const isClosed = isFeedError(error) && 'reason' in error && error.reason === CLOSED;
  return isClosed ? EMPTY : throwError(() => error as Error);
}
