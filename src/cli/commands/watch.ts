import { Argument, Option, type Command } from 'commander';
import { EMPTY, map, merge, ReplaySubject, Subject, Subscription, take, tap, type Observable } from 'rxjs';
import { VENUE_IDS } from '../../configuration.ts';
import { createFeed, type Candle, type FeedOptions, type Interval } from '../../index.ts';
import { addIntervals, addSymbols, toAmount, toCount } from '../arguments.ts';
import type { CandleSource } from '../candle-source.ts';
import type { Wanted } from '../due.ts';
import { withExamples } from '../examples.ts';
import { exchangeSource } from '../exchange-source.ts';
import { addFeedOptions, feedOptionsOf, type FeedArguments } from '../feed-options.ts';
import { csv, ndjson, type Format } from '../format.ts';
import type { Update } from '../live/board.ts';
import { addLogOptions, checkLogOptions, NOT_WITH_NATS, openLog, type LogArguments } from '../log-options.ts';
import { addMetricsOptions, type MetricsArguments } from '../metrics/metrics-options.ts';
import { serveMetrics } from '../metrics/serve-metrics.ts';
import { notices$, type NoticesOptions } from '../notices.ts';
import { print } from '../print.ts';
import { canRedraw, linesOn, screenOn } from '../screen.ts';
import { screenFeed } from '../screen-feed.ts';
import type { Terminal } from '../terminal.ts';
import { toTime } from '../time-argument.ts';
import { watchable$ } from '../watchable.ts';

interface WatchOptions extends FeedArguments, LogArguments, MetricsArguments {
  readonly interval?: readonly Interval[];
  readonly history?: number;
  readonly since?: number;
  readonly count?: number;
  readonly json?: true;
  readonly csv?: true;
}

/** A narrower terminal gets a line for each candle instead of a live table, columns. */
const LEAST_COLUMNS = 60;

/** `rx-candles watch`: closed candles as they come. */
export function addWatch(program: Command, terminal: Terminal): void {
  const command = program
    .command('watch')
    .description('print closed candles as they arrive: a live table on a terminal, NDJSON when piped')
    .addArgument(new Argument('<symbols...>', 'e.g. BTCUSDT').argParser(addSymbols))
    .option(
      '-i, --interval <interval>',
      '1m, 5m, 1h …; repeatable, or a comma-separated list (default: 1m)',
      addIntervals,
    )
    .option('--history <n>', 'start with the last n closed candles; with --since, the last n up to it', toAmount)
    .option('--since <time>', 'start with every closed candle opened after this ISO time (UTC) or ms', toTime)
    .option('--count <n>', 'stop after n candles in total', toCount)
    .addOption(new Option('--json', 'one JSON object per line').conflicts('csv'))
    .option('--csv', 'CSV with a header');
  withExamples(
    addMetricsOptions(
      addFeedOptions(addLogOptions(command, 'read a log instead of the exchange: nats://host:4222', NOT_WITH_NATS)),
    ),
    'rx-candles watch BTCUSDT ETHUSDT --interval 1m',
    'rx-candles watch BTCUSDT -i 1m,1h --history 100 --csv > candles.csv',
    'rx-candles watch BTCUSDT --venue binance-spot --json | jq .close',
    'rx-candles watch BTCUSDT --nats nats://127.0.0.1:4222 --history 10    # what `rx-candles feed` puts into a log',
    'NO_COLOR=1 rx-candles watch BTCUSDT    # a line for each candle',
  ).action((symbols: readonly string[], options: WatchOptions) => {
    checkLogOptions(command, options);
    return watch(symbols, options, terminal);
  });
}

function watch(symbols: readonly string[], options: WatchOptions, terminal: Terminal): Promise<void> {
  const { interval: intervals = ['1m'] } = options;
  const wanted = symbols.flatMap((symbol) => intervals.map((interval) => ({ symbol, interval })));
  return isLive(options, terminal) ? watchTable(wanted, options, terminal) : watchLines(wanted, options, terminal);
}

function isLive({ json, csv: asCsv }: WatchOptions, { out }: Terminal): boolean {
  const isPlain = json === true || asCsv === true || (process.env['NO_COLOR'] ?? '') !== '';
  return !isPlain && canRedraw(out, LEAST_COLUMNS);
}

/** Logs and notices go through the screen where they would be written into the table. */
async function watchTable(wanted: readonly Wanted[], options: WatchOptions, terminal: Terminal): Promise<void> {
  const { out, err } = terminal;
  const [screen, { show }] = await Promise.all([screenOn(out), import('../live/show.ts')]);
  const say = err.isTTY === true ? screen.say : linesOn(err).say;
  const source = await quietSource(options, say);
  const serving = new Subscription();
  try {
    serving.add(await serveMetrics(source, options, say));
    const refused$ = new Subject<Update>();
    const series = seriesOf(source, wanted, options).map((candles$, index) =>
      candles$.pipe(
        map((candle) => ({ index, candle })),
        tap({ error: () => refused$.next({ index, candle: undefined }) }),
      ),
    );
    const updates$ = watchable$(series, (why) => say(`rx-candles: ${why}`)).pipe(take(options.count ?? Infinity));
    const isEmpty = options.history === undefined && options.since === undefined;
    const aside$ = merge(refused$, isEmpty ? source.lastCloses$(wanted) : EMPTY);
    await show({ status$: source.status$, wanted, updates$, aside$ }, screen, terminal);
  } finally {
    serving.unsubscribe();
    await source.close();
  }
}

/** A source whose log goes where the table is drawn, instead of into it. */
async function quietSource(options: WatchOptions, say: (line: string) => void): Promise<CandleSource> {
  const settings = await feedOptionsOf(options);
  if (options.nats !== undefined) return fromLog(options, settings, say);
  const { feed, close } = screenFeed(settings, say);
  return exchangeSource(feed, close);
}

async function watchLines(wanted: readonly Wanted[], options: WatchOptions, terminal: Terminal): Promise<void> {
  const settings = await feedOptionsOf(options);
  const { say } = linesOn(terminal.err);
  const source =
    options.nats === undefined ? exchangeSource(createFeed(settings)) : await fromLog(options, settings, say);
  const begun$ = new ReplaySubject<Candle>(1);
  const { history = 0, since } = options;
  const left = new Map(wanted.entries());
  const notices = notify(
    { source, watched: () => [...left.values()], past: history > 0 || since !== undefined, begun$ },
    settings,
    terminal,
  );
  const serving = new Subscription();
  try {
    serving.add(await serveMetrics(source, options, say));
    const series = seriesOf(source, wanted, options).map((candles$, index) =>
      candles$.pipe(tap({ error: () => left.delete(index) })),
    );
    const candles$ = watchable$(series, (why) => say(`rx-candles: ${why}`)).pipe(
      take(options.count ?? Infinity),
      tap((candle) => begun$.next(candle)),
    );
    await print(candles$, await formatFor(options, terminal), terminal);
  } finally {
    notices.unsubscribe();
    serving.unsubscribe();
    await source.close();
  }
}

/** The way to the log is told like what a feed logs: unless that is silenced. */
async function fromLog(
  options: LogArguments,
  { venue = VENUE_IDS[0], logLevel }: FeedOptions,
  say: (line: string) => void,
): Promise<CandleSource> {
  const tell = isQuiet(logLevel) ? () => undefined : (line: string) => say(`rx-candles: ${line}`);
  const { logSource } = await import('../log-source.ts');
  return logSource({ log: await openLog(options), name: options.natsStream, venue }, tell);
}

/** Writes notices to stderr, unless logging is silenced. */
function notify(
  about: Omit<NoticesOptions, 'logsGaps'>,
  { logLevel = 'warn' }: FeedOptions,
  { err }: Terminal,
): Subscription {
  if (isQuiet(logLevel)) return Subscription.EMPTY;
  // eslint-disable-next-line rxjs-x/no-ignored-error -- notices never error
  return notices$({ ...about, logsGaps: logLevel !== 'warn' }).subscribe((line) => {
    err.write(`rx-candles: ${line}\n`);
  });
}

function isQuiet(logLevel: FeedOptions['logLevel']): boolean {
  return logLevel === 'silent' || logLevel === 'error';
}

function seriesOf(
  source: CandleSource,
  wanted: readonly Wanted[],
  { history, since }: WatchOptions,
): Observable<Candle>[] {
  return wanted.map(({ symbol, interval }) => source.closedCandles$(symbol, interval, { history, since }));
}

/** Tables and what measures them are loaded for terminals alone. */
async function formatFor(options: WatchOptions, { out }: Terminal): Promise<Format> {
  if (options.csv === true) return csv;
  if (options.json === true || out.isTTY !== true) return ndjson;
  const { table } = await import('../table.ts');
  return table(() => out.columns);
}
